// @ts-check
/** The monitor: all of the machine by words, for people who do not use the picture. */
import { button, html } from "./svg.js";

/** Lines that are kept in the page. */
const LINES = 500;

/** The words beside a desk. */
export class MonitorPane {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {string[]} */
    this.lines = [];
    this.at = 0;
    this.went = false;
    this.log = html("div", { class: "log", role: "log", tabindex: 0, "aria-label": "What the monitor says" });
    this.input = /** @type {HTMLInputElement} */ (html("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "aria-label": "a line for the monitor" }));
    const form = html("form", { class: "acts line-form" }, [html("span", { "aria-hidden": "true" }, ["704>"]), this.input, button("do it", () => {})]);
    form.querySelector("button")?.setAttribute("type", "submit");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.do(this.input.value);
    });
    this.input.addEventListener("keydown", (event) => this.older(event));
    this.root = html("div", { class: "monitor" }, [this.log, form]);
    this.add("`help` lists the words; `registers`, `step`, `back`, `break 104`, `paper`, `press start` are some.");
    desk.addEventListener("told", (event) => {
      const { told, paper } = /** @type {CustomEvent} */ (event).detail;
      if (paper !== "") this.add(paper.trimEnd(), "printed");
      if (this.went && !told.going) this.add(`${told.state}\n${told.here}`);
      this.went = told.going;
    });
  }

  /** @param {KeyboardEvent} event */
  older(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.at = Math.min(Math.max(this.at + step, 0), this.lines.length);
    this.input.value = this.lines[this.at] ?? "";
  }

  /** @param {string} text @param {string} [kind] */
  add(text, kind = "told") {
    for (const line of text.split("\n")) this.log.append(html("div", { class: kind }, [line || " "]));
    while (this.log.childElementCount > LINES) this.log.firstElementChild?.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {string} line */
  async do(line) {
    if (line.trim() === "") return;
    this.lines.push(line);
    this.at = this.lines.length;
    this.input.value = "";
    this.add(`704> ${line}`, "typed");
    try {
      const { text, error } = await this.desk.command(line);
      if (error) this.add(error, "wrong");
      else if (text) this.add(text);
    } catch (error) {
      this.add(String(error), "wrong");
    }
  }
}
