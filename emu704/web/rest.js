// @ts-check
/**
 * The rest of the room's program, which tools/split.mjs has put into a file of its own. The program asks for it when it needs it, and
 * then waits for it; a page that knows that it will be needed loads it before that, without a wait.
 */

const ADDRESS = "./emu704_rest.wasm";

/** @type {any} the part that is there: what it exports */
let first = null;
/** Its bytes, where the page has brought them. @type {Uint8Array<ArrayBuffer> | undefined} */
let brought;
/** @type {Promise<void> | null} */
let coming = null;

/** @param {any} exports of the part that is there @param {Uint8Array<ArrayBuffer>} [bytes] */
export function begun(exports, bytes) {
  first = exports;
  brought = bytes;
}

/** It is there. @returns {boolean} */
export const isWhole = () => first.ready.value === 1;

/** @param {WebAssembly.Module} module */
function join(module) {
  if (isWhole()) return;
  try {
    new WebAssembly.Instance(module, { first });
  } catch (error) {
    throw new Error("the program on the server is another one now: load the page again", { cause: error });
  }
  first.ready.value = 1;
}

/** Loads it while the machines run. */
export function load() {
  if (isWhole()) return Promise.resolve();
  coming ??= (async () => {
    try {
      let bytes = brought;
      if (!bytes) {
        const answer = await fetch(ADDRESS);
        if (!answer.ok) throw new Error(`${ADDRESS}: ${answer.status}`);
        bytes = new Uint8Array(await answer.arrayBuffer());
      }
      join(await WebAssembly.compile(bytes));
    } finally {
      coming = null;
    }
  })();
  return coming;
}

/** Loads it at once: nothing else happens meanwhile. */
export function loadNow() {
  if (isWhole()) return;
  let bytes = brought;
  if (!bytes) {
    const request = new XMLHttpRequest();
    request.open("GET", ADDRESS, false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${ADDRESS}: ${request.status}`);
    bytes = new Uint8Array(request.response);
  }
  join(new WebAssembly.Module(bytes));
}

Object.assign(globalThis, { emu704Rest: loadNow });
