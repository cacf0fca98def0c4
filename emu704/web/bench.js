// @ts-check
/** The workbench: a program is written, checked while it is written, punched and loaded, and followed card by card. */
import { Checker } from "./checker.js";
import { button, html } from "./svg.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./checker.js").Checked} Checked */

/** Milliseconds without a stroke before the cards are checked. */
const PAUSE = 250;
/** What is in the editor when nobody has chosen anything. */
const FIRST = `       REM TWO NUMBERS ARE ADDED
       ORG 64
START  CLA TWO          THE FIRST INTO THE ACCUMULATOR
       ADD THREE        THE SECOND IS ADDED
       STO SUM          THE SUM GOES INTO CORE
       HTR START        STOP
TWO    DEC 2
THREE  DEC 3
SUM    BSS 1
       END START
`;

/** An editor without the big one: where that cannot be loaded. @param {HTMLElement} parent @param {any} wishes */
function plain(parent, { text, changed }) {
  const area = /** @type {HTMLTextAreaElement} */ (html("textarea", { "aria-label": "The cards of the program", spellcheck: "false", rows: 18, class: "cards-text" }));
  area.value = text;
  area.addEventListener("input", () => changed(area.value));
  parent.replaceWith(area);
  return { text: () => area.value, focus: () => area.focus(), set: (/** @type {string} */ value) => (area.value = value), form() {}, goTo() {}, mark() {} };
}

/** The workbench of a desk. */
export class Bench {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.checker = new Checker();
    this.name = "mine";
    /** @type {Checked | null} */
    this.checked = null;
    /** The source as it was when it was loaded: breakpoints and the card that is next are of this one. */
    this.loaded = "";
    /** @type {Map<string, import("./checker.js").Operation>} */
    this.operations = new Map();
    this.timer = 0;
    /** @type {ReturnType<typeof import("./editor/editor.js").open> | ReturnType<typeof plain> | null} */
    this.editor = null;
    this.choice = /** @type {HTMLSelectElement} */ (html("select", { "aria-label": "a program from the shelf" }));
    this.choice.addEventListener("change", () => this.fromShelf(this.choice.value));
    this.free = /** @type {HTMLInputElement} */ (html("input", { type: "checkbox" }));
    this.free.addEventListener("change", () => {
      this.editor?.form(this.free.checked);
      this.check();
    });
    this.place = html("div", { class: "cards-place" });
    this.verdict = html("p", { class: "verdict" }, ["no card yet"]);
    this.findings = html("ol", { class: "findings" });
    this.listing = html("pre", { class: "listing", tabindex: 0, role: "region", "aria-label": "Listing" });
    this.answer = html("output", { class: "answer" });
    const word = /** @type {HTMLInputElement} */ (html("input", { type: "text", size: 8, autocomplete: "off", spellcheck: "false" }));
    const wrote = async (/** @type {(place: string) => string} */ line) => {
      if (word.value.trim() !== "") await this.say(line(word.value.trim()));
    };
    this.root = html("div", { class: "bench" }, [
      html("p", { class: "acts" }, [
        this.choice, html("label", {}, [this.free, " free form"]),
        button("load it", () => this.load(), "its words go straight into core"),
        button("punch it and load it", () => this.punch(), "a deck that loads itself, by the card reader"),
        button("save it", () => this.save(), "on the shelf"),
        button("link", () => this.link(), "a link that has the program in it"),
      ]),
      this.place,
      this.verdict, this.findings,
      html("p", { class: "acts", role: "group", "aria-label": "Follow the program" }, [
        button("go", () => this.say("go")), button("stop", () => this.desk.does(this.desk.machine.call("halt"))),
        button("step", () => this.say("step")), button("step over", () => this.say("next")), button("step back", () => this.say("back")),
        button("back to a breakpoint", () => this.say("back break")), button("no breakpoints", () => this.say("nobreak all")),
      ]),
      html("p", { class: "acts" }, [
        html("label", {}, ["word ", word]), button("who wrote it?", () => wrote((place) => `who ${place}`)),
        button("run back to there", () => wrote((place) => `back write ${place}`), "back to the instruction that wrote this word"),
      ]),
      this.answer,
      html("details", {}, [html("summary", {}, ["Listing"]), this.listing]),
    ]);
    this.list();
    desk.addEventListener("told", (event) => {
      if (!(/** @type {CustomEvent} */ (event).detail.told.going)) this.follow();
    });
    desk.shelf.addEventListener("changed", () => this.list());
  }

  /** Loads the editor; cards may stand in it from a link. @param {string} [text] @param {boolean} [free] */
  async begin(text = FIRST, free = false) {
    this.free.checked = free;
    const wishes = {
      text, free, changed: () => this.soon(), about: (/** @type {string} */ name) => this.about(name), toggle: (/** @type {number} */ line) => this.toggle(line),
    };
    try {
      // @ts-ignore: emu704/web/build makes it of editor/editor.js
      const editor = await import("./editor.js");
      /** @type {typeof import("./editor/editor.js").open} */
      const open = editor.open;
      this.editor = open(/** @type {HTMLElement} */ (this.place), wishes);
    } catch (error) {
      console.warn("the editor cannot be loaded:", error);
      this.editor = plain(/** @type {HTMLElement} */ (this.place), wishes);
    }
    await this.check();
    this.operations = await this.checker.operations();
  }

  get source() {
    return this.editor?.text() ?? "";
  }

  get file() {
    return this.name + (this.free.checked ? ".sapf" : ".sap");
  }

  list() {
    const items = this.desk.shelf.of("program").filter(({ name }) => /\.sapf?$/i.test(name));
    this.choice?.replaceChildren(html("option", { value: "" }, ["open ..."]), ...items.map(({ name }) => html("option", { value: name }, [name])));
  }

  /** @param {string} name */
  fromShelf(name) {
    const item = this.desk.shelf.items.get(name);
    if (item) this.set(name, new TextDecoder().decode(item.bytes));
    this.choice.value = "";
  }

  /** Another program into the editor. @param {string} name with its ending @param {string} text */
  set(name, text) {
    this.name = name.replace(/\.\w+$/, "");
    this.free.checked = /\.sapf$/i.test(name);
    this.editor?.set(text, this.free.checked);
    return this.check();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.check(), PAUSE);
  }

  /** What the assembler says of the cards. */
  async check() {
    clearTimeout(this.timer);
    const { source } = this;
    const checked = await this.checker.check(source, this.free.checked);
    if (source !== this.source) return;
    this.checked = checked;
    const errors = checked.diagnostics.filter(({ severity }) => severity === "error").length;
    const words = new Set(checked.words.map(({ at }) => at)).size;
    const many = (/** @type {number} */ n, /** @type {string} */ what) => `${n} ${what}${n === 1 ? "" : "s"}`;
    this.verdict.textContent = `${this.file}: ${many(words, "word")}, ${errors === 0 ? "no errors" : many(errors, "error")}${checked.better_free ? "; it looks like free form" : ""}`;
    this.findings.replaceChildren(...checked.diagnostics.map((finding) => {
      const more = html("p", { class: "more", hidden: true });
      return html("li", { class: finding.severity }, [
        button(finding.line > 0 ? `card ${finding.line}` : "a routine", () => this.editor?.goTo(finding.line), "go to this card"),
        ` ${finding.message}${finding.label ? ` (${finding.label})` : ""}. `, ...(finding.help ? [html("i", {}, [finding.help, " "])] : []),
        button(finding.code, async () => {
          more.textContent = (await this.checker.call("explain", finding.code)) ?? "";
          more.hidden = !more.hidden;
        }, `what ${finding.code} means`), more,
      ]);
    }));
    // the first column is for the printer's carriage
    this.listing.textContent = checked.listing.map((line) => line.slice(1)).join("\n");
    await this.follow();
  }

  /** The card that is next, and those where the machine stops, are marked. */
  async follow() {
    const { checked } = this;
    if (!checked || !this.editor) return;
    const current = this.loaded === this.source;
    const state = current ? JSON.parse(await this.desk.machine.call("debugging")) : { breakpoints: [], counter: -1 };
    /** @type {Map<number, number>} */
    const at = new Map();
    for (const word of checked.words) if (!at.has(word.line)) at.set(word.line, word.at);
    const lines = (/** @type {number} */ address) => checked.words.filter((word) => word.at === address).map(({ line }) => line);
    const going = this.desk.machine.told?.going;
    this.editor.mark({
      findings: checked.diagnostics, at, breaks: new Set(state.breakpoints.flatMap(lines)), here: going ? 0 : lines(state.counter).pop() ?? 0,
    });
  }

  /** The words of a card: the first that it makes. @param {number} line */
  async toggle(line) {
    const word = this.checked?.words.find((word) => word.line === line);
    if (!word) return this.tell(`card ${line} makes no word: the machine cannot stop before it`);
    if (this.loaded !== this.source && !(await this.load())) return;
    const { breakpoints } = JSON.parse(await this.desk.machine.call("debugging"));
    await this.say(`${breakpoints.includes(word.at) ? "nobreak" : "break"} ${word.at.toString(8)}`);
  }

  /** What an operation or a symbol is. @param {string} name */
  about(name) {
    const row = this.operations.get(name);
    const symbol = this.checked?.symbols.find((symbol) => symbol.name === name);
    if (!row && !symbol) return null;
    const parts = [];
    if (row) {
      parts.push(html("p", {}, [html("b", {}, [`${name} ${row.form}`]), `: ${row.summary}.`]));
      if (row.cycles) parts.push(html("p", {}, [`${row.word}; ${row.cycles} cycle${row.cycles === "1" ? "" : "s"} of 12 microseconds`]));
    }
    if (symbol) parts.push(html("p", {}, [html("b", {}, [name]), ` is ${symbol.value.toString(8).padStart(5, "0")}${symbol.line > 0 ? `, defined on card ${symbol.line}` : ""}.`]));
    return html("div", { class: "about" }, parts);
  }

  /** @param {string} text */
  tell(text) {
    this.answer.textContent = text;
    return false;
  }

  /** A line of the monitor, and what it answers. @param {string} line */
  async say(line) {
    const { text, error } = await this.desk.command(line);
    this.tell(error ?? text ?? "");
    await this.follow();
  }

  async put() {
    const bytes = new TextEncoder().encode(this.source);
    await this.desk.machine.call("put_file", this.file, bytes);
  }

  /** Its words go into core; the machine waits before the first instruction. */
  async load() {
    await this.check();
    if (this.checked?.flagged) return this.tell("the cards have errors: nothing was loaded");
    await this.put();
    const { text, error } = await this.desk.command(`load ${this.file}`);
    this.loaded = error === undefined ? this.source : "";
    this.tell(error ?? text ?? "");
    await this.follow();
    return error === undefined;
  }

  /** A deck of it goes into the hopper, and LOAD CARDS is pressed. */
  async punch() {
    // its symbols and its cards are known by this
    if (!(await this.load())) return false;
    try {
      const deck = await this.checker.call("punch", this.source, this.free.checked);
      const name = `${this.name}.cbn`;
      await this.desk.machine.call("put_file", name, deck);
      await this.desk.act(`mount cards ${name}`);
      await this.desk.act("automatic");
      await this.desk.act("clear");
      await this.desk.act("load cards");
      this.tell(`${deck.length / 160} cards went into the hopper; the reader takes them, and the program begins.`);
      return true;
    } catch (error) {
      return this.tell(error instanceof Error ? error.message : String(error));
    }
  }

  async save() {
    const old = this.desk.shelf.items.get(this.file);
    const name = old && !old.own ? this.desk.shelf.free(this.file) : this.file;
    await this.put();
    await this.desk.shelf.put([{ name, bytes: new TextEncoder().encode(this.source), place: "program", kind: "source", own: true }]);
    this.tell(`${name} is on the shelf.`);
  }

  async link() {
    const { linkOf } = await import("./links.js");
    const url = await linkOf({ source: this.source, free: this.free.checked, name: this.name });
    const copied = await navigator.clipboard?.writeText(url).then(() => true, () => false);
    this.answer.replaceChildren(
      html("a", { href: url, target: "_blank", rel: "noopener" }, ["the link"]),
      `, ${url.length} characters${copied ? ", is copied" : ": copy it from here"}. The program is in it, and goes to no server.`,
    );
  }
}
