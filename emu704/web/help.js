// @ts-check
/** Help on the panel itself: the pointer becomes a question mark, and each part says in two lines what it is for. */
import { DEAF, NEONS, SQUARE, SQUARES, VIEW } from "./layout.js";
import { button, html } from "./svg.js";

/** @typedef {import("./panel.js").Panel} Panel */
/** @typedef {{ name: string, stroke: string | null, lines: string[] }} Part */

/** The parts that the emulator has nothing for. */
const MORE = /** @type {[string, string[]][]} */ ([
  ["POWER ON", ["Power comes on. What core and registers hold then is arbitrary.", "Works only while the power is off."]],
  ["NORMAL OFF", ["The power goes, even in the middle of a program.", "Core forgets; reels, cards and paper stay."]],
  ["DC ON", ["Direct current for the tubes, by itself. Known from one picture only.", "This machine has no such state: the key does nothing."]],
  ["DC OFF", ["Takes the direct current from the tubes. Known from one picture only.", "This machine has no such state: the key does nothing."]],
  ["I/O FUSE", ["A fuse of a unit has blown. Known from one picture only.", "This machine has no such fault: the light stays dark."]],
  ["UNKNOWN LAMPS", ["One picture has these lamps. What they were for is not known.", "They stay dark."]],
]);

/** Names of lamps that stand in the table of parts otherwise. */
const ROWS = /** @type {Record<string, string>} */ ({ index: "INDEX", storage: "STORAGE", accumulator: "ACCUMULATOR", mq: "MQ", counter: "INSTRUCTION COUNTER", instruction: "INSTRUCTION" });
/** The single lamps, by their place in the row `single`. */
const SINGLES = [
  "PROGRAM STOP", "ACCUMULATOR OVERFLOW", "DIVIDE CHECK", "READ-WRITE SELECT", "MQ OVERFLOW", "READ-WRITE CHECK", "TAPE CHECK", "TRAP",
  "SENSE LIGHT 1", "SENSE LIGHT 1", "SENSE LIGHT 1", "SENSE LIGHT 1", "POWER", "READY", "AUTOMATIC",
];

/** @typedef {{ name: string, x: number, y: number, width: number, height: number }} Place */

/** Where the lamps stand: a row of neons is one place. @returns {Place[]} */
function places() {
  /** @type {Map<string, { x: number, y: number }[]>} */
  const groups = new Map();
  for (const { row, at, x, y } of NEONS) {
    const key = row === "single" ? `${row} ${at >= 8 && at < 12 ? 8 : at}` : row;
    groups.set(key, [...(groups.get(key) ?? []), { x, y }]);
  }
  groups.set("deaf upper", DEAF.slice(0, 4));
  groups.set("deaf lower", DEAF.slice(4));
  const neons = [...groups].map(([key, lamps]) => {
    const [row, at] = key.split(" ");
    const name = row === "deaf" ? "UNKNOWN LAMPS" : ROWS[row] ?? SINGLES[Number(at)];
    const xs = lamps.map(({ x }) => x);
    return { name, x: Math.min(...xs) - 6, y: lamps[0].y - 6, width: Math.max(...xs) - Math.min(...xs) + 12, height: 12 };
  });
  const squares = SQUARES.map(({ at, x, y }) => ({ name: at < 0 ? "I/O FUSE" : SINGLES[at], x, y, ...SQUARE }));
  return [...neons, ...squares].sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Help for a panel. */
export class Help {
  /** @param {Panel} panel */
  constructor(panel) {
    this.panel = panel;
    /** @type {Map<string, string[]>} */
    this.parts = new Map(MORE);
    this.on = false;
    this.card = html("div", { class: "help-card", role: "status", hidden: true });
    this.layer = html("div", { class: "help-layer", hidden: true });
    for (const { name, x, y, width, height } of places()) {
      const node = html("button", { type: "button", class: "help-lamp", "aria-label": `what is ${name}?`, "data-help": name });
      const percent = (/** @type {number} */ n, /** @type {number} */ of) => `${(n / of) * 100}%`;
      Object.assign(node.style, { left: percent(x - VIEW.x, VIEW.width), top: percent(y - VIEW.y, VIEW.height), width: percent(width, VIEW.width), height: percent(height, VIEW.height) });
      this.layer.append(node);
    }
    panel.root.append(this.layer);
    this.switch = button("?", () => this.turn(!this.on), "what is this? The pointer becomes a question mark");
    this.switch.setAttribute("aria-pressed", "false");
    this.switch.setAttribute("aria-label", "what is this?");
    const { root } = panel;
    // a key says what it is for instead of what it does
    for (const kind of ["click", "pointerdown", "keydown", "keyup"]) root.addEventListener(kind, (event) => this.instead(event), true);
    for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, (event) => this.on && this.tell(event.target));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.on && this.turn(false));
  }

  /** @param {boolean} on */
  async turn(on) {
    this.on = on;
    if (on && this.parts.size === MORE.length) {
      /** @type {Part[]} */
      const rows = JSON.parse(await this.panel.machine.call("parts"));
      for (const { name, lines } of rows) this.parts.set(name, lines);
    }
    this.switch.setAttribute("aria-pressed", String(on));
    this.panel.root.classList.toggle("asks", on);
    this.layer.hidden = !on;
    this.card.hidden = !on;
    if (on) this.card.replaceChildren(html("b", {}, ["What is this? "]), "Point at a part of the panel, or go to it by Tab. Escape ends it.");
  }

  /** @param {Event} event */
  instead(event) {
    if (!this.on) return;
    if (event instanceof KeyboardEvent && ["Tab", "Escape", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.tell(event.target);
  }

  /** @param {EventTarget | null} target */
  tell(target) {
    const node = target instanceof Element ? target.closest("[data-part], [data-help]") : null;
    const name = node?.getAttribute("data-help") ?? node?.getAttribute("data-part");
    if (!name) return;
    this.card.replaceChildren(html("b", {}, [name, ". "]), (this.parts.get(name) ?? ["Nothing is known of it."]).join(" "));
  }
}
