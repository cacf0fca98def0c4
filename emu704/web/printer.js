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

/** The printer of a sheet. @type {WeakMap<Element, Printer>} */
const printers = new WeakMap();
/** The sheet whose `print` was pressed. @type {Element | null} */
let wanted = null;

/** Lines of a text of the printer, and folds where a page ends. @param {string} text @returns {HTMLElement[]} */
function lines(text) {
  const made = [];
  for (const line of text.match(/[^\n\f\v]*[\n\f\v]|[^\n\f\v]+$/g) ?? []) {
    const body = line.replace(/[\n\f\v]$/, "");
    if (body !== "" || line.endsWith("\n")) made.push(html("div", { class: "line" }, [overprinted(body) || " "]));
    if (line.endsWith("\f")) made.push(html("div", { class: "fold", role: "separator" }));
  }
  return made;
}

/** When the page is printed, its paper is all that was printed by the printers that are seen, and nothing else. */
export function printing() {
  addEventListener("beforeprint", () => {
    const sheets = wanted ? [wanted] : [...document.querySelectorAll(".sheet")].filter((sheet) => !sheet.closest("[hidden]"));
    const parts = sheets.flatMap((sheet) => lines(printers.get(sheet)?.text ?? ""));
    document.getElementById("paper")?.remove();
    document.body.append(html("div", { id: "paper" }, parts.length > 0 ? parts : ["Nothing has been printed."]));
  });
  addEventListener("afterprint", () => {
    document.getElementById("paper")?.remove();
    wanted = null;
  });
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
    printers.set(this.sheet, this);
    this.ready = html("span", { class: "tile" }, ["READY"]);
    this.select = html("span", { class: "tile" }, ["SELECT"]);
    this.root = html("section", { class: "printer", "aria-label": `Printer${of}` }, [
      html("div", { class: "band" }, [html("h2", {}, ["716 printer"]), this.ready, this.select, html("span", { class: "acts" }, [
        act("copy", () => this.copy()), act("save", () => save("paper.txt", new Blob([this.text], { type: "text/plain" }))),
        act("print", () => {
          wanted = this.sheet;
          print();
        }), act("tear off", () => this.clear()),
      ])]),
      this.sheet,
    ]);
  }

  /** All of the paper onto the clipboard; where a browser has none for this page, the sheet is selected. */
  async copy() {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      getSelection()?.selectAllChildren(this.sheet);
    }
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
    // of a long text only the end would stay
    const cut = text.length > 1e6 ? text.lastIndexOf("\n", text.length - 1e6) + 1 : 0;
    this.sheet.append(...lines(text.slice(cut)).slice(-SHOWN));
    while (this.sheet.childElementCount > SHOWN) this.sheet.firstElementChild?.remove();
    if (end) this.sheet.scrollTop = this.sheet.scrollHeight;
  }

  /** The paper is torn off and thrown away. */
  clear() {
    this.text = "";
    this.sheet.replaceChildren();
  }
}
