// @ts-check
/** asm704 and the exercises, in a worker of their own that is started when they are first needed. */

import { bytes } from "./start.js";

/**
 * @typedef {import("./editor/editor.js").Finding} Finding
 * @typedef {{ diagnostics: Finding[], words: { line: number, at: number, word: string }[], symbols: { name: string, value: number, line: number }[],
 *   listing: string[], start: number | null, flagged: boolean, better_free: boolean }} Checked
 * @typedef {{ name: string, form: string, summary: string, word?: string, cycles?: string }} Operation
 * @typedef {{ what: string, expected: string, found: string }} Difference
 * @typedef {{ name: string, right: boolean, stop: string, cycles: number, findings: Difference[], more: number, hints: string[] }} Case
 * @typedef {{ title: string, right: boolean, error?: string, not_assembled?: boolean, diagnostics?: Finding[] | null, cases: Case[], hints?: string[] }} Verdict
 */

/** The methods of `Workbench` in its worker. */
export class Checker {
  constructor() {
    /** @type {{ worker: string } | undefined} */
    const inside = /** @type {any} */ (globalThis).EMU704?.bench;
    this.worker = inside
      ? new Worker(URL.createObjectURL(new Blob([inside.worker], { type: "text/javascript" })))
      : new Worker(new URL("./bench.worker.js", import.meta.url), { type: "module" });
    /** @type {Map<number, { done: (result: any) => void, failed: (error: Error) => void }>} */
    this.waiting = new Map();
    this.next = 1;
    this.worker.onmessage = ({ data }) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error !== undefined) waiting?.failed(new Error(data.error));
      else waiting?.done(data.result);
    };
    this.worker.onerror = (event) => {
      for (const { failed } of this.waiting.values()) failed(new Error(event.message));
      this.waiting.clear();
    };
    const wasm = inside && bytes(document.getElementById("bench-wasm")?.textContent ?? "");
    this.begun = this.post("begin", ...(wasm ? [wasm] : []));
  }

  /** @param {string} call @param {any[]} args @returns {Promise<any>} */
  post(call, ...args) {
    const id = this.next++;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, call, args });
    });
  }

  /** @param {string} call @param {any[]} args @returns {Promise<any>} */
  async call(call, ...args) {
    await this.begun;
    return this.post(call, ...args);
  }

  /** What the assembler makes of a source. @param {string} text @param {boolean} free @returns {Promise<Checked>} */
  async check(text, free) {
    return JSON.parse(await this.call("check_source", text, free));
  }

  /** Operations and pseudo-operations by their names. @returns {Promise<Map<string, Operation>>} */
  async operations() {
    /** @type {Operation[]} */
    const list = JSON.parse(await this.call("operations"));
    return new Map(list.reverse().map((row) => [row.name, row]));
  }

  /** A program against an exercise. @param {string} exercise @param {string} text @param {boolean} free @returns {Promise<Verdict>} */
  async exercise(exercise, text, free) {
    return JSON.parse(await this.call("check_exercise", exercise, text, free));
  }
}
