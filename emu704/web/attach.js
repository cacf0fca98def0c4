// @ts-check
/**
 * A panel that runs elsewhere on this computer, `emu704 tui --state`: its lamps, readings and paper, and its keys. `emu704 web --attach`
 * marks the page that may do so, and carries the lines of docs/state.md. A page from any other server never comes here.
 */
import { Panel } from "./panel.js";
import { COUNT, FORM, ROWS } from "./picture.js";
import { Printer } from "./printer.js";
import { download } from "./shelf.js";
import { button, html } from "./svg.js";

/** @typedef {{ unit: number, label: string, feet: number, ring: boolean, does: string, lights: { select: boolean, indicator: boolean, ready: boolean } }} TapeMessage */
/**
 * What the panel tells, as docs/state.md has it.
 * @typedef {object} PictureMessage
 * @property {Record<string, number[]>} lamps
 * @property {{ storage: string, accumulator: string, mq: string, index: string[], counter: string, instruction: string }} readings
 * @property {boolean[]} switches
 * @property {string} keys
 * @property {boolean} automatic
 * @property {boolean} running
 * @property {boolean} failure
 * @property {string} state
 * @property {number} ratio
 * @property {number} seconds
 * @property {number} cycles
 * @property {string} core
 * @property {TapeMessage[]} tapes
 * @property {{ hopper: number, read: number, punched: number }} cards
 */

/** How a tape moves, as picture.js counts it. */
const MOTION = /** @type {Record<string, number>} */ ({ stands: 0, searches: 1, reads: 1, writes: 1, "writes-mark": 1, backspaces: 2, rewinds: 3 });
/** The lamp POWER in the row `single`. */
const POWER = 12;

/** @param {boolean[]} of */
const bits = (of) => of.reduce((sum, on, n) => sum + (on ? 1 << n : 0), 0);

/** The same as bytes, as `Picture` reads them. @param {PictureMessage} told */
export function packed(told) {
  const buffer = new ArrayBuffer(95 + COUNT);
  const view = new DataView(buffer);
  view.setUint8(0, FORM);
  view.setUint8(1, bits([told.lamps.single[POWER] > 0, told.running, told.automatic, told.failure]));
  view.setUint8(2, bits(told.switches));
  view.setUint8(3, { "4k": 12, "8k": 13, "32k": 15 }[told.core] ?? 15);
  view.setFloat64(4, parseInt(told.keys, 8), true);
  view.setFloat64(12, told.cycles, true);
  [told.cards.hopper, told.cards.read, told.cards.punched].forEach((count, n) => view.setFloat32(20 + 4 * n, count, true));
  for (const { unit, feet, ring, does, lights } of told.tapes) {
    const at = 40 + 5 * (unit - 1);
    const motion = MOTION[does] ?? 0;
    view.setFloat32(at, feet, true);
    view.setUint8(at + 4, bits([true, ring, lights.select, (motion & 1) !== 0, (motion & 2) !== 0, does.startsWith("writes"), lights.indicator, lights.ready]));
  }
  let at = 95;
  for (const [row, length] of ROWS) {
    new Uint8Array(buffer, at, length).set(told.lamps[row].slice(0, length));
    at += length;
  }
  return buffer;
}

/** The machine of that panel, as far as a {@link Panel} needs one. It tells `told`, `paper`, and `ended`. */
export class Remote extends EventTarget {
  /** @param {WebSocket} socket @param {string} token */
  constructor(socket, token) {
    super();
    this.socket = socket;
    this.next = 1;
    this.greeted = false;
    /** @type {PictureMessage | null} */
    this.told = null;
    /** @type {Map<number, (said: string) => void>} */
    this.asked = new Map();
    this.held = 0;
    socket.onopen = () => socket.send(token);
    socket.onmessage = ({ data }) => this.hears(JSON.parse(data));
    socket.onclose = () => this.ended();
  }

  /** @param {any} message */
  hears(message) {
    if (message.kind === "hello") this.greeted = true;
    if (message.kind === "picture") {
      this.told = message;
      this.dispatchEvent(new Event("told"));
    }
    if (message.kind === "paper") this.dispatchEvent(new CustomEvent("paper", { detail: message }));
    if (message.kind === "answer") {
      this.asked.get(message.id)?.(message.error ?? "");
      this.asked.delete(message.id);
    }
  }

  ended() {
    clearInterval(this.held);
    for (const answer of this.asked.values()) answer("the line to the panel has ended");
    this.asked.clear();
    this.dispatchEvent(new Event("ended"));
  }

  /** An act in the words of job files; what a person should know about it. @param {string} words @returns {Promise<string>} */
  act(words) {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.resolve("the line to the panel has ended");
    const id = this.next++;
    return new Promise((done) => {
      this.asked.set(id, done);
      this.socket.send(JSON.stringify({ act: words, id }));
    });
  }

  /** What a panel calls. @param {string} call @param {any[]} args @returns {Promise<any>} */
  async call(call, ...args) {
    if (call === "picture") return this.told ? packed(this.told) : null;
    if (call === "hold_step") {
      clearInterval(this.held);
      if (args[0]) this.held = window.setInterval(() => this.act("press multiple-step"), 100);
      return null;
    }
    throw new Error(`${call} is not for a panel that runs elsewhere`);
  }

  leave() {
    this.socket.close();
  }
}

const REGISTERS = /** @type {const} */ ([
  ["STORAGE", "storage"], ["ACCUMULATOR", "accumulator"], ["M-Q", "mq"], ["INSTRUCTION COUNTER", "counter"], ["INSTRUCTION", "instruction"], ["INDEX A, B, C", "index"],
]);

/** The view of a panel that runs elsewhere. */
export class Attach {
  /** @param {HTMLElement} place @param {(text: string) => void} say */
  constructor(place, say) {
    this.place = place;
    this.say = say;
    /** @type {Remote | null} */
    this.remote = null;
  }

  /** Asks for the token, or takes the one of the address. @param {string} token */
  begin(token) {
    if (token) {
      // it does not stay in the address
      history.replaceState(null, "", "#attach");
      this.attach(token);
    } else if (!this.remote) {
      this.ask("");
    }
  }

  /** @param {string} why */
  ask(why) {
    const input = /** @type {HTMLInputElement} */ (html("input", { type: "password", id: "token", autocomplete: "off", required: true, size: 34 }));
    const form = html("form", { class: "attach-form" }, [
      html("h2", {}, ["A panel on this computer"]),
      html("p", {}, ["Start it by `emu704 tui PROGRAM --state PORT`, and write here the token that it prints. The page then shows its lamps and works its keys."]),
      html("label", { for: "token" }, ["Token "]), input, " ", html("button", { type: "submit" }, ["attach"]), html("p", { role: "alert" }, [why]),
    ]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.attach(input.value.trim());
    });
    this.place.replaceChildren(form);
  }

  /** @param {string} token */
  attach(token) {
    this.remote?.leave();
    const remote = new Remote(new WebSocket(`ws://${location.host}/state`), token);
    this.remote = remote;
    const panel = new Panel(/** @type {any} */ (remote), this.say);
    const printer = new Printer(download, " of the panel elsewhere");
    const state = html("p", { class: "remote-state" }, [""]);
    const tapes = html("ul", { class: "remote-tapes", "aria-label": "Tape units" });
    const outputs = REGISTERS.map(([name, field]) => /** @type {const} */ ([name, field, html("output", { "aria-label": name, "aria-live": "off" })]));
    remote.addEventListener("told", () => {
      const { told } = remote;
      if (!told) return;
      const text = `${told.state}. ${told.seconds.toFixed(1)} s of the machine, ${told.ratio.toFixed(told.ratio < 10 ? 2 : 0)} × a real 704.`;
      state.textContent = told.running ? text : `${told.state}.`;
      for (const [, field, output] of outputs) output.textContent = [told.readings[field]].flat().join(" ");
      tapes.replaceChildren(...told.tapes.map((tape) => html("li", {}, [`tape ${tape.unit}: ${tape.label}, ${tape.feet.toFixed(1)} ft, ${tape.ring ? "ring in" : "file protect"}, ${tape.does}`])));
    });
    remote.addEventListener("paper", (event) => {
      printer.clear();
      printer.add(/** @type {CustomEvent} */ (event).detail.lines.map((/** @type {string} */ line) => `${line}\n`).join(""));
    });
    remote.addEventListener("ended", () => {
      if (this.remote !== remote) return;
      this.remote = null;
      this.ask(remote.greeted ? "The panel has ended, or has put this page off." : "The panel does not answer: is it running, and is this its token?");
    });
    this.place.replaceChildren(
      html("section", { class: "console", "aria-label": "Operator's panel elsewhere" }, [
        html("div", { class: "glass" }, [panel.root]), state,
        html("dl", { class: "readings" }, outputs.flatMap(([name, , output]) => [html("dt", {}, [name]), html("dd", {}, [output])])),
        tapes, button("leave it", () => remote.leave()),
      ]),
      printer.root,
    );
  }
}
