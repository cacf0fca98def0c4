// @ts-check
/** The 716 and its paper: a sheet that can be scrolled, copied, saved and printed. */
import { html } from "./svg.js";

/** Lines of paper that are in the page; all of it can still be saved. */
const SHOWN = 2000;

/** Lines that are printed over each other: the later character is seen where it is not blank. @param {string} line */
export function overprinted(line) {
  /** @type {string[]} */
  const out = [];
  for (const pass of line.split("\r")) {
    [...pass].forEach((character, column) => {
      if (out[column] === undefined || character !== " ") out[column] = character;
    });
  }
  return Array.from(out, (character) => character ?? " ").join("");
}

/** The printer. */
export class Printer {
  /** @param {(name: string, bytes: Blob) => void} save @param {string} of whose it is */
  constructor(save, of) {
    /** All that was printed. */
    this.text = "";
    this.sheet = html("div", { class: "sheet", tabindex: 0, role: "region", "aria-label": `The printer's paper${of}` });
    const act = (/** @type {string} */ name, /** @type {() => void} */ does) => {
      const button = html("button", { type: "button" }, [name]);
      button.addEventListener("click", does);
      return button;
    };
    this.ready = html("span", { class: "tile" }, ["READY"]);
    this.select = html("span", { class: "tile" }, ["SELECT"]);
    this.root = html("section", { class: "printer", "aria-label": `Printer${of}` }, [
      html("div", { class: "band" }, [html("h2", {}, ["716 printer"]), this.ready, this.select, html("span", { class: "acts" }, [
        act("copy", () => navigator.clipboard.writeText(this.text)), act("save", () => save("paper.txt", new Blob([this.text], { type: "text/plain" }))),
        act("print", () => print()), act("tear off", () => this.clear()),
      ])]),
      this.sheet,
    ]);
  }

  /** Lights of the printer. @param {boolean} selected */
  show(selected) {
    this.select.classList.toggle("lit", selected);
    this.ready.classList.toggle("lit", !selected);
  }

  /** More was printed. @param {string} text */
  add(text) {
    if (text === "") return;
    this.text += text;
    const end = this.sheet.scrollTop + this.sheet.clientHeight > this.sheet.scrollHeight - 40;
    for (const line of text.match(/[^\n\f\v]*[\n\f\v]|[^\n\f\v]+$/g) ?? []) {
      const body = line.replace(/[\n\f\v]$/, "");
      if (body !== "" || line.endsWith("\n")) this.sheet.append(html("div", { class: "line" }, [overprinted(body) || " "]));
      if (line.endsWith("\f")) this.sheet.append(html("div", { class: "fold", role: "separator" }));
    }
    while (this.sheet.childElementCount > SHOWN) this.sheet.firstElementChild?.remove();
    if (end) this.sheet.scrollTop = this.sheet.scrollHeight;
  }

  /** The paper is torn off and thrown away. */
  clear() {
    this.text = "";
    this.sheet.replaceChildren();
  }
}
