// @ts-check
/** Core: words as octal, decimal, floating point, characters, instructions, or as their cards say. */
import { button, html } from "./svg.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {{ at: string, symbol: string | null, card: string | null, [view: string]: string | null }} Row */

const VIEWS = /** @type {[string, string][]} */ ([
  ["card", "as its card says"], ["octal", "octal"], ["integer", "decimal"], ["floating", "floating point"], ["characters", "text"], ["instruction", "instruction"],
]);
const ROWS = 16;

/** A window into core. */
export class CoreView {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.from = 0o100;
    this.busy = false;
    this.place = /** @type {HTMLInputElement} */ (html("input", { type: "text", size: 8, value: "100", autocomplete: "off", spellcheck: "false" }));
    this.view = /** @type {HTMLSelectElement} */ (html("select", {}, VIEWS.map(([value, name]) => html("option", { value }, [name]))));
    this.body = html("tbody");
    this.said = html("output", { class: "answer" });
    this.view.addEventListener("change", () => this.show());
    const form = html("form", { class: "acts" }, [
      html("label", {}, ["from ", this.place]), button("show", () => {}), html("label", {}, ["as ", this.view]),
      button("before", () => this.move(-ROWS), "the words before"), button("next", () => this.move(ROWS), "the next words"),
    ]);
    form.querySelector("button")?.setAttribute("type", "submit");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go();
    });
    const heading = ["word", "octal", "as", ""].map((text) => html("th", { scope: "col" }, [text || html("span", { class: "unseen" }, ["who wrote it"])]));
    this.root = html("div", { class: "core-view" }, [form, html("table", {}, [html("caption", { class: "unseen" }, ["Words of core"]), html("thead", {}, [html("tr", {}, heading)]), this.body]), this.said]);
    desk.addEventListener("told", () => this.root.isConnected && this.root.closest("[hidden]") === null && this.show());
    this.show();
  }

  /** To an address in octal, or a symbol. */
  async go() {
    const word = this.place.value.trim().toUpperCase();
    /** @type {{ symbols: [string, number][] }} */
    const { symbols } = JSON.parse(await this.desk.machine.call("debugging"));
    const symbol = symbols.find(([name]) => name === word);
    if (symbol) this.from = symbol[1];
    else if (/^[0-7]{1,5}$/.test(word)) this.from = parseInt(word, 8);
    else {
      this.said.textContent = `\`${word}\` is no octal address and no symbol of the program`;
      return;
    }
    this.said.textContent = "";
    await this.show();
  }

  /** @param {number} by */
  move(by) {
    this.from = Math.max(0, this.from + by);
    this.place.value = this.from.toString(8);
    return this.show();
  }

  async show() {
    if (this.busy) return;
    this.busy = true;
    /** @type {Row[]} */
    const rows = JSON.parse(await this.desk.machine.call("core_words", this.from, ROWS));
    this.busy = false;
    const read = (/** @type {Row} */ row) => row[this.view.value === "card" ? row.card ?? "octal" : this.view.value] ?? "";
    // a row is a row again, so that the button that has the focus stays
    while (this.body.childElementCount > rows.length) this.body.lastElementChild?.remove();
    rows.forEach((row, n) => {
      const line = this.body.children[n] ?? this.line();
      const [at, octal, other, act] = line.children;
      const texts = /** @type {[Element, string][]} */ ([[at, row.symbol ? `${row.at} ${row.symbol}` : row.at], [octal, row.octal ?? ""], [other, read(row)]]);
      for (const [cell, text] of texts) if (cell.textContent !== text) cell.textContent = text;
      for (const one of act.children) {
        one.setAttribute("data-at", row.at);
        one.setAttribute("aria-label", `${one.textContent} ${row.at}`);
      }
    });
  }

  line() {
    const act = (/** @type {string} */ name, /** @type {string} */ words) => {
      const node = button(name, () => this.say(`${words} ${node.dataset.at}`));
      return node;
    };
    const line = html("tr", {}, [html("th", { scope: "row" }), html("td"), html("td"), html("td", { class: "acts" }, [act("who wrote", "who"), act("run back to", "back write")])]);
    this.body.append(line);
    return line;
  }

  /** @param {string} line */
  async say(line) {
    const { text, error } = await this.desk.command(line);
    this.said.textContent = error ?? text ?? "";
  }
}
