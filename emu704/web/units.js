// @ts-check
/** Ten tape units: what is on them, how they look, and the dialog by which a reel is put on. */
import { html } from "./svg.js";
import { download } from "./shelf.js";
import { Unit, words } from "./tape.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./picture.js").Picture} Picture */

/** People who want nothing to move have set this. */
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** The tape units of a desk. */
export class Units {
  /** @param {Desk} desk @param {number[]} numbers those that are shown */
  constructor(desk, numbers) {
    this.desk = desk;
    this.root = html("div", { class: "units", role: "group", "aria-label": `Tape units${desk.of}` });
    this.boxes = numbers.map((number) => this.box(number));
    this.dialog = /** @type {HTMLDialogElement} */ (html("dialog", { class: "reel-dialog", "aria-label": "A tape unit" }));
    this.root.append(...this.boxes.map(({ root }) => root), this.dialog);
  }

  /** @param {number} number */
  box(number) {
    const unit = new Unit(number);
    const label = html("b", { class: "reel-label" }, [""]);
    const text = html("span", {}, ["no reel"]);
    const button = html("button", { type: "button", class: "unit-button", "aria-label": `tape unit ${number}` });
    button.addEventListener("click", () => this.open(number));
    const root = html("figure", { class: "unit-box" }, [html("div", { class: "unit-look" }, [unit.root, button]), html("figcaption", {}, [label, text])]);
    dropping(root, (file) => this.drop(number, file));
    return { number, unit, label, text, root, button, name: "" };
  }

  /** Shows where the tapes are. @param {Picture} picture */
  show(picture) {
    for (const { number, unit } of this.boxes) unit.show(picture.tapes[number - 1], !stillness.matches);
  }

  /** Shows what can be read of them. @param {import("./machine.js").Told} told */
  tell(told) {
    for (const box of this.boxes) {
      const tape = told.tapes.find((tape) => tape.unit === box.number);
      const name = tape?.label ?? "";
      if (name !== box.name) {
        box.unit.name(name, tape?.reel_feet);
        box.label.textContent = name;
        box.name = name;
      }
      const text = words(tape);
      if (text !== box.text.textContent) box.text.textContent = text;
    }
  }

  /** A file was dropped on a unit. @param {number} number @param {File} file */
  async drop(number, file) {
    const item = await this.desk.recognised(file, "tape");
    if (item) await this.desk.mount(number, item.name, false);
  }

  /** The dialog of a unit. @param {number} number */
  open(number) {
    const tape = this.desk.machine.told?.tapes.find((tape) => tape.unit === number);
    const act = (/** @type {string} */ name, /** @type {() => unknown} */ does) => {
      const button = html("button", { type: "button" }, [name]);
      button.addEventListener("click", () => {
        this.dialog.close();
        does();
      });
      return button;
    };
    const parts = [html("h2", {}, [`Tape unit ${number}`])];
    if (tape) {
      parts.push(
        html("p", {}, [`${tape.label}: ${words(tape)}.`]),
        html("p", { class: "acts" }, [
          act("save the reel as a file", async () => download(tape.label, await this.desk.machine.call("reel", number))),
        ]),
        html("h3", {}, ["Keys of the unit"]),
        html("div", { class: "list" }, this.keys(tape).map(([legend, what, does]) => act(`${legend}: ${what}`, does))),
      );
    } else parts.push(this.choice(number, act));
    parts.push(html("p", { class: "acts" }, [act("leave it", () => {})]));
    this.dialog.replaceChildren(...parts);
    this.dialog.showModal();
  }

  /**
   * The keys of a unit with a reel on it, and its file-protect ring.
   * @param {import("./machine.js").Tape} tape
   * @returns {[string, string, () => unknown][]}
   */
  keys({ unit, label, ring, lights }) {
    const { desk } = this;
    // a reel that is put on is at its load point
    const again = async (/** @type {boolean} */ ring) => (await desk.act(`detach ${unit}`)) && desk.act(`mount ${unit} ${label}${ring ? " ring" : ""}`);
    return [
      lights.ready
        ? ["RESET", "the program cannot use the unit any more, and waits if it wants to", () => desk.act(`fault not-ready ${unit}`)]
        : ["START", "the program can use the unit again", () => desk.act(`fault ready ${unit}`)],
      ["LOAD REWIND", "the tape to its load point, at once", () => again(ring)],
      ["UNLOAD", "take the reel off", () => desk.act(`detach ${unit}`)],
      ["RING", ring ? "take the file-protect ring out: nothing can be written" : "put the file-protect ring in: it can be written", () => again(!ring)],
    ];
  }

  /** What can be put on an empty unit. @param {number} number @param {(name: string, does: () => unknown) => HTMLElement} act */
  choice(number, act) {
    const dialog = this.dialog;
    const ring = /** @type {HTMLInputElement} */ (html("input", { type: "checkbox", id: "ring" }));
    const reels = this.desk.shelf.of("tape").map((item) => act(item.title ? `${item.name}: ${item.title}` : item.name, () => this.desk.mount(number, item.name, ring.checked)));
    const file = /** @type {HTMLInputElement} */ (html("input", { type: "file", "aria-label": "a reel from a file" }));
    file.addEventListener("change", async () => {
      dialog.close();
      const item = file.files?.[0] && (await this.desk.recognised(file.files[0], "tape"));
      if (item) await this.desk.mount(number, item.name, ring.checked);
    });
    return html("div", {}, [
      html("p", {}, [html("label", {}, [ring, " with the file-protect ring in: it can be written"])]),
      html("div", { class: "list" }, [act("a blank reel, ring in", () => this.desk.mountBlank(number)), ...reels]),
      html("p", {}, ["From a file: ", file]),
    ]);
  }
}

/**
 * Files can be dropped here.
 * @param {HTMLElement} element
 * @param {(file: File) => void} take
 */
export function dropping(element, take) {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.stopPropagation();
    element.classList.add("drop");
  });
  element.addEventListener("dragleave", () => element.classList.remove("drop"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    element.classList.remove("drop");
    for (const file of event.dataTransfer?.files ?? []) take(file);
  });
}
