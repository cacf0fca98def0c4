// @ts-check
/**
 * The rest of the room's program, which tools/split.mjs has put into a file of its own. The program asks for it when it needs it, and
 * then waits for it; a page that knows that it will be needed loads it before that, without a wait.
 */

/** @type {any} the part that is there: what it exports */
let first = null;
/** The bytes of the rest, where the page has brought them, or its address. @type {Uint8Array<ArrayBuffer> | string} */
let brought = "";
/** @type {Promise<void> | null} */
let coming = null;

/** @param {any} exports of the part that is there @param {Uint8Array<ArrayBuffer> | string} rest its bytes, or its address */
export function begun(exports, rest) {
  first = exports;
  brought = rest;
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
      if (typeof bytes === "string") {
        const answer = await fetch(bytes);
        if (!answer.ok) throw new Error(`${bytes}: ${answer.status}`);
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
  if (typeof bytes === "string") {
    const request = new XMLHttpRequest();
    request.open("GET", bytes, false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${bytes}: ${request.status}`);
    bytes = new Uint8Array(request.response);
  }
  join(new WebAssembly.Module(bytes));
}

Object.assign(globalThis, { emu704Rest: loadNow });
