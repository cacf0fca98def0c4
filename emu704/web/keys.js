// @ts-check
/** Keys, switches and paddles of the panel: real buttons over the picture of the board. */
import { ENTRY, KEYS, PADDLE, POWER, SQUARE, SWITCHES, VIEW, paddle } from "./layout.js";
import { html } from "./svg.js";

/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {{ name: string, stroke: string | null, lines: string[] }} Part what a part is for */

/**
 * What the keys do.
 * @typedef {object} Acts
 * @property {(words: string) => unknown} act an act in the words of job files; what it returns settles when the act is done
 * @property {(held: boolean) => void} step MULTIPLE STEP is held or let go
 */

/** Puts a button where it stands on the board. @param {HTMLElement} button @param {number} x @param {number} y @param {number} width @param {number} height */
function place(button, x, y, width, height) {
  const percent = (/** @type {number} */ n, /** @type {number} */ of) => `${(n / of) * 100}%`;
  button.style.left = percent(x - VIEW.x, VIEW.width);
  button.style.top = percent(y - VIEW.y, VIEW.height);
  button.style.width = percent(width, VIEW.width);
  button.style.height = percent(height, VIEW.height);
}

/** A switch that stays as it is put. @param {string} name @param {string} shade */
function paddleButton(name, shade) {
  return html("button", {
    type: "button", role: "switch", "aria-checked": "false", "aria-label": name, class: `paddle ${shade}`,
  });
}

/** The keys of a panel. */
export class Keys {
  /** @param {Acts} acts */
  constructor(acts) {
    this.acts = acts;
    this.root = html("div", { class: "keys" });
    /** @type {Picture | null} */
    this.picture = null;
    this.word = 0;
    /** Acts of the entry keys that are on their way: pictures from before them are old. */
    this.entering = 0;
    this.power();
    this.momentary();
    this.auto = this.automatic();
    this.senses = this.sense();
    this.entries = this.entry();
  }

  power() {
    for (const { act, x, y, legend } of POWER) {
      const button = html("button", { type: "button", class: "key", "aria-label": legend.join(" "), "data-part": legend.join(" ") });
      if (act === "") button.setAttribute("aria-disabled", "true");
      else button.addEventListener("click", () => this.acts.act(act));
      place(button, x, y, SQUARE.width, SQUARE.height);
      this.root.append(button);
    }
  }

  momentary() {
    for (const { act, part, x, y, width } of KEYS) {
      const button = html("button", { type: "button", class: "key", "aria-label": part, "data-part": part });
      place(button, x, y, width ?? SQUARE.width, SQUARE.height);
      if (act === "step") this.held(button);
      else button.addEventListener("click", () => this.acts.act(act));
      this.root.append(button);
    }
  }

  /** MULTIPLE STEP works as long as it is held. @param {HTMLElement} button */
  held(button) {
    let is = false;
    const hold = (/** @type {boolean} */ held) => {
      if (held === is) return;
      is = held;
      button.classList.toggle("held", held);
      this.acts.step(held);
    };
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      hold(true);
    });
    for (const name of ["pointerup", "pointercancel", "blur"]) button.addEventListener(name, () => hold(false));
    button.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      hold(true);
    });
    button.addEventListener("keyup", () => hold(false));
  }

  automatic() {
    const button = paddleButton("MANUAL", "white");
    button.dataset.part = "AUTOMATIC-MANUAL";
    place(button, 156, SWITCHES, PADDLE.width + 1, PADDLE.height);
    this.root.append(button);
    return new Switch(button, (down) => this.acts.act(down ? "manual" : "automatic"));
  }

  sense() {
    return [0, 1, 2, 3, 4, 5].map((n) => {
      const button = paddleButton(`sense switch ${n + 1}`, "white");
      button.dataset.part = `SENSE SWITCH ${n + 1}`;
      place(button, 374 + 18.2 * n, SWITCHES, PADDLE.width, PADDLE.height);
      this.root.append(button);
      return new Switch(button, (down) => this.acts.act(`sense ${n + 1} ${down ? "down" : "up"}`));
    });
  }

  entry() {
    const entries = ENTRY.map(({ key, label, shade }) => {
      const button = paddleButton(`entry key ${label}`, shade);
      button.dataset.part = "ENTRY KEYS";
      button.tabIndex = key === 0 ? 0 : -1;
      button.addEventListener("click", () => this.flip(key));
      button.addEventListener("keydown", (event) => this.stroke(event, key));
      return button;
    });
    for (let first = 0; first < 36; first += 3) {
      const [one, , three] = ENTRY.slice(first, first + 3);
      const group = html("div", { role: "group", class: "triple", "aria-label": `entry keys ${one.label} to ${three.label}` });
      const width = 2 * 18.2 + PADDLE.width;
      place(group, one.x, one.y, width, PADDLE.height);
      entries.slice(first, first + 3).forEach((button, n) => {
        button.style.left = `${((paddle(n) - paddle(0)) / width) * 100}%`;
        button.style.width = `${(PADDLE.width / width) * 100}%`;
        group.append(button);
      });
      this.root.append(group);
    }
    return entries;
  }

  /** One entry key flips. @param {number} key */
  flip(key) {
    const bit = 2 ** (35 - key);
    this.set(Math.floor(this.word / bit) % 2 === 1 ? this.word - bit : this.word + bit);
  }

  /** @param {number} word */
  set(word) {
    this.word = word;
    this.entries.forEach((button, at) => button.setAttribute("aria-checked", String(Math.floor(word / 2 ** (35 - at)) % 2 === 1)));
    this.entering++;
    Promise.resolve(this.acts.act(`keys ${word.toString(8).padStart(12, "0")}`)).finally(() => this.entering--);
  }

  /** Arrows move among the entry keys, a digit sets the three of an octal digit. @param {KeyboardEvent} event @param {number} key */
  stroke(event, key) {
    const first = key - (key % 3);
    const moves = /** @type {Record<string, number>} */ ({
      ArrowLeft: key + 35, ArrowRight: key + 1, ArrowUp: key + 18, ArrowDown: key + 18, Home: 0, End: 33,
    });
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[0-7]$/.test(event.key)) {
      const unit = 2 ** (33 - first);
      this.set(this.word + (Number(event.key) - (Math.floor(this.word / unit) % 8)) * unit);
      this.focus(first + 3);
    } else if (event.key in moves) this.focus(moves[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") {
      this.set(0);
      this.focus(0);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** One of the entry keys is where Tab leads. @param {number} key */
  focus(key) {
    for (const button of this.entries) button.tabIndex = -1;
    const button = this.entries[key % 36];
    button.tabIndex = 0;
    button.focus();
  }

  /** The button of a part, as its stroke works it. @param {string} part @returns {HTMLElement | null} */
  of(part) {
    return this.root.querySelector(`[data-part="${part}"]`);
  }

  /** Shows how the switches stand. @param {Picture} picture */
  show(picture) {
    this.auto.show(!picture.automatic);
    this.senses.forEach((one, n) => one.show(picture.sense[n]));
    if (this.entering === 0 && (this.word !== picture.keys || !this.picture)) {
      this.word = picture.keys;
      this.entries.forEach((button, key) => button.setAttribute("aria-checked", String(picture.key(key))));
    }
    this.picture = picture;
  }
}

/** A switch with two places. It moves under the finger at once, and not only with the next picture: two quick strokes are two. */
class Switch {
  /** @param {HTMLElement} button @param {(down: boolean) => unknown} act */
  constructor(button, act) {
    this.button = button;
    this.down = false;
    /** Acts that are on their way. */
    this.acting = 0;
    button.addEventListener("click", () => {
      this.put(!this.down);
      this.acting++;
      Promise.resolve(act(this.down)).finally(() => this.acting--);
    });
  }

  /** @param {boolean} down */
  put(down) {
    this.down = down;
    this.button.setAttribute("aria-checked", String(down));
  }

  /** How it stands in the machine. @param {boolean} down */
  show(down) {
    if (this.acting === 0 && down !== this.down) this.put(down);
  }
}
