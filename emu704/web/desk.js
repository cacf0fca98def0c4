// @ts-check
/** A machine with all that stands around it: the console, the units, the paper. */
import { Cards } from "./cards.js";
import { Crt } from "./crt.js";
import { Drums } from "./drums.js";
import { Front } from "./front.js";
import { SPEEDS } from "./pace.js";
import { made } from "./recipes.js";
import { Printer } from "./printer.js";
import { download, wordOf } from "./shelf.js";
import { html } from "./svg.js";
import { Units } from "./units.js";

/** @typedef {import("./machine.js").Machine} Machine */
/** @typedef {import("./machine.js").TellDetail} TellDetail */
/** @typedef {import("./shelf.js").Shelf} Shelf */
/** @typedef {import("./shelf.js").Item} Item */

/** The registers that can be read, as the panel has them. */
const READINGS = /** @type {const} */ ([
  ["STORAGE", "storage"], ["ACCUMULATOR", "accumulator"], ["M-Q", "mq"], ["INSTRUCTION COUNTER", "counter"],
  ["INSTRUCTION", "instruction"], ["INDEX A, B, C", "index"],
]);

/** Where a kind of file belongs, in words. */
const PLACES = /** @type {Record<string, string>} */ ({
  tape: "a tape unit", cards: "the card reader", drum: "a drum", program: "the shelf: load it from there", snapshot: "the shelf: `restore` of the monitor takes it",
});

/** A machine and its surroundings. It tells `told` with {@link TellDetail} after it has shown it. */
export class Desk extends EventTarget {
  /**
   * @param {Machine} machine
   * @param {Shelf} shelf
   * @param {{ units: number[], say: (text: string) => void, of?: string, front?: Front }} options `of`: whose they are, where there are two
   *   of everything; `front`: a console that is shown already
   */
  constructor(machine, shelf, { units, say, of = "", front = new Front(machine, say, of) }) {
    super();
    this.machine = machine;
    this.shelf = shelf;
    this.say = say;
    this.of = of;
    this.went = false;
    this.panel = front.panel;
    this.units = new Units(this, units);
    this.cards = new Cards(this);
    this.crt = new Crt(this);
    this.drums = new Drums(this);
    this.printer = new Printer(download, of);
    this.speeds = this.speedSwitch();
    this.glass = front.glass;
    this.readings = new Map(READINGS.map(([name, field]) => [field, html("output", { "aria-label": name, "aria-live": "off", "data-reading": field })]));
    this.console = front.root;
    this.console.append(this.speeds, html("dl", { class: "readings" }, READINGS.flatMap(([name, field]) => [
      html("dt", {}, [name]), html("dd", {}, [/** @type {HTMLElement} */ (this.readings.get(field))]),
    ])));
    machine.addEventListener("told", (event) => this.tell(/** @type {CustomEvent<TellDetail>} */ (event).detail));
    machine.addEventListener("failed", (event) => say(/** @type {CustomEvent} */ (event).detail.error));
    this.panel.addEventListener("picture", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    // what the machine has told before there was a desk
    if (machine.told) this.tell({ told: machine.told, ratio: machine.ratio, paper: "", happened: [] });
    this.panel.wake();
  }

  speedSwitch() {
    const words = /** @type {Record<string, string>} */ ({ real: "as in 1955", "10x": "10 ×", "100x": "100 ×", full: "full" });
    const name = `speed-${this.machine.name}`;
    this.ratio = html("output", { class: "ratio" }, ["stopped"]);
    this.hold = html("button", { type: "button" }, ["let it go"]);
    this.hold.addEventListener("click", () => this.does(this.machine.call(this.machine.told?.going ? "halt" : "go")));
    const choices = [...SPEEDS.keys()].map((word) => {
      const input = html("input", { type: "radio", name, value: word, checked: word === "real" });
      input.addEventListener("change", () => this.machine.call("speed", word));
      return html("label", {}, [input, ` ${words[word]}`]);
    });
    return html("fieldset", { class: "speeds" }, [html("legend", {}, ["Speed"]), ...choices, this.ratio, this.hold, this.closer()]);
  }

  /** On a small screen the keys are small: a button brings them nearer, so that a finger meets one of them. */
  closer() {
    const button = html("button", { type: "button", "aria-pressed": "false" }, ["look closer"]);
    button.addEventListener("click", () => {
      const close = this.glass.classList.toggle("close");
      button.setAttribute("aria-pressed", String(close));
      // the keys stand in the lower half
      if (close) this.glass.scrollTo({ left: 0, top: this.glass.scrollHeight * 0.6 });
    });
    return button;
  }

  /** @param {string} word real, 10x, 100x or full */
  async speed(word) {
    /** @type {HTMLInputElement | null} */
    const input = this.speeds.querySelector(`input[value="${word}"]`);
    if (input) input.checked = true;
    await this.machine.call("speed", word);
  }

  /** What went wrong is said. @template T @param {Promise<T>} call @returns {Promise<T | undefined>} */
  async does(call) {
    try {
      return await call;
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** An act in the words of job files; false when it had no effect. @param {string} words */
  async act(words) {
    const said = await this.does(this.machine.act(words));
    if (said) this.say(said);
    return said === "";
  }

  /** A line of the monitor. @param {string} line @returns {Promise<{ text?: string, error?: string, goes?: boolean }>} */
  async command(line) {
    return JSON.parse(await this.machine.call("command", line));
  }

  /** @param {TellDetail} detail */
  tell(detail) {
    const { told, paper, happened, ratio } = detail;
    for (const [field, output] of this.readings) {
      const reading = told.readings[/** @type {keyof typeof told.readings} */ (field)];
      const text = Array.isArray(reading) ? reading.join(" ") : reading;
      if (output.textContent !== text) output.textContent = text;
    }
    if (this.ratio) this.ratio.textContent = !told.going ? "stopped" : ratio === 0 ? "goes" : `${ratio.toFixed(ratio < 10 ? 2 : 0)} × a real 704`;
    if (this.hold) this.hold.textContent = told.going ? "hold it" : "let it go";
    this.printer.add(paper);
    this.units.tell(told);
    this.drums.tell(told);
    for (const line of happened) this.say(line);
    if (!told.going) this.say(told.state === "stopped" ? "The machine is stopped." : told.state);
    else if (!this.went) this.say("The machine runs.");
    this.went = told.going;
    this.dispatchEvent(new CustomEvent("told", { detail }));
  }

  /** @param {import("./picture.js").Picture} picture */
  show(picture) {
    this.units.show(picture);
    this.cards.show(picture);
    this.printer.show(picture.selected.printer);
    this.crt.show(picture);
    this.drums.show(picture);
  }

  /**
   * A file of the visitor's goes on the shelf; what does not belong in the place is named and comes back as none.
   * @param {File} file
   * @param {string} place `tape`, `cards`, or empty for anywhere
   * @returns {Promise<Item | null>}
   */
  async recognised(file, place) {
    /** @type {Uint8Array} */
    let bytes;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      // a folder, or a file that is gone
      this.say(`${file.name} cannot be read: ${error instanceof Error ? error.message : error}`);
      return null;
    }
    const found = JSON.parse(await this.machine.call("recognise", wordOf(file.name), bytes));
    // text can be cards, source as well
    const fits = found.place === place || (place === "cards" && found.place === "program");
    // what the commands of a terminal take is no advice here
    const advice = found.told && !/--\w/.test(found.told) ? found.told : `it is ${found.kind}`;
    if (place !== "" && !fits) {
      const what = PLACES[found.place] ? `it is ${found.kind}, and belongs on ${PLACES[found.place]}` : advice;
      this.say(`${file.name} is not ${{ tape: "a reel", cards: "a deck", drum: "an image of a drum" }[place] ?? place}: ${what}.`);
      return null;
    }
    if (found.place === "") {
      this.say(`${file.name} is not for a 704: ${advice}.`);
      return null;
    }
    const item = { name: this.shelf.free(file.name), bytes, place: found.place, kind: found.kind, own: true };
    const full = await this.shelf.put([item]).then(() => "", (error) => ` The browser cannot keep it (${error.message}): it is on the shelf as long as this page.`);
    await this.machine.call("put_file", item.name, bytes);
    this.say(`${item.name}: ${found.kind}.${full}`);
    return item;
  }

  /** Puts a reel of the shelf on a unit. @param {number} unit @param {string} name @param {boolean} ring */
  async mount(unit, name, ring) {
    if (this.shelf.items.get(name)?.unmade) {
      const item = await this.does(made(this.machine.engine, this.shelf, name));
      if (!item) return false;
      await this.machine.call("put_file", name, item.bytes);
    }
    return this.act(`mount ${unit} ${name}${ring ? " ring" : ""}`);
  }

  /** A blank reel, which goes on the shelf when something is written. @param {number} unit */
  mountBlank(unit) {
    return this.mount(unit, this.shelf.free(`reel-${this.machine.name}${unit}.tap`), true);
  }
}
