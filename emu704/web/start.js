// @ts-check
/** What the page is made of, in files of a server or all in one file. */
import { Engine } from "./machine.js";

/**
 * What the one-file page has in itself.
 * @typedef {{ worker: string, shelf: any }} Inside
 */

/** @param {string} base64 */
export function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Starts the worker. @returns {Promise<Engine>} */
export async function start() {
  /** @type {Inside | undefined} */
  const inside = /** @type {any} */ (globalThis).EMU704;
  if (!inside) {
    const engine = new Engine(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));
    await engine.call("", "begin");
    return engine;
  }
  const script = URL.createObjectURL(new Blob([inside.worker], { type: "text/javascript" }));
  const engine = new Engine(new Worker(script));
  await engine.call("", "begin", bytes(document.getElementById("wasm")?.textContent ?? ""));
  return engine;
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
