// @ts-check
/** What the page is made of, in files of a server or all in one file. */
import { Engine } from "./machine.js";

/**
 * What the one-file page has in itself.
 * @typedef {{ shelf: any }} Inside
 */

/** The worker's script, which tools/join.mjs puts here: it needs no request of its own. @type {string} */
const WORKER = /** @type {any} */ (globalThis).EMU704_WORKER;

/** @param {string} base64 */
export function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The program, compiled while it comes. @returns {Promise<WebAssembly.Module>} */
async function program() {
  const address = "./emu704_bg.wasm";
  try {
    return await WebAssembly.compileStreaming(fetch(address));
  } catch {
    // a server that does not say what it is
    return WebAssembly.compile(await (await fetch(address)).arrayBuffer());
  }
}

/** Starts the worker. The program comes later: `ready` says when it is there. @returns {{ engine: Engine, ready: Promise<unknown> }} */
export function start() {
  /** @type {Inside | undefined} */
  const inside = /** @type {any} */ (globalThis).EMU704;
  const engine = new Engine(new Worker(URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }))));
  if (!inside) return { engine, ready: program().then((module) => engine.call("", "begin", module, new URL("./emu704_rest.wasm", document.baseURI).href)) };
  const inPage = (/** @type {string} */ id) => bytes(document.getElementById(id)?.textContent ?? "");
  return { engine, ready: engine.call("", "begin", inPage("wasm"), inPage("rest")) };
}

/**
 * A file that is on the shelf from the start: text, or bytes in base64.
 * @typedef {{ name: string, title: string, place: string, text?: string, base64?: string }} Given
 */

/** The files that are on the shelf from the start. @returns {Promise<Given[]>} */
export async function given() {
  const inside = /** @type {any} */ (globalThis).EMU704;
  if (inside) return inside.shelf;
  const answer = await fetch("./shelf.json");
  if (!answer.ok) throw new Error(`shelf.json: ${answer.status}`);
  return answer.json();
}
