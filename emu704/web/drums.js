// @ts-check
/** The 733 drums: a closed cabinet, of which no picture was found. What is on a logical drum can be put there and saved. */
import { download } from "./shelf.js";
import { html, svg } from "./svg.js";
import { dropping } from "./units.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** The drums of a desk. */
export class Drums {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.light = svg("circle", { cx: 28, cy: 42, r: 5, fill: "#fdf7cf", opacity: 0 });
    this.lit = false;
    this.known = "";
    this.list = html("span", { class: "acts" });
    this.text = html("p", {}, ["nothing is on the drums"]);
    this.number = html("select", { "aria-label": "logical drum" }, [1, 2, 3, 4, 5, 6, 7, 8].map((n) => html("option", { value: n }, [`drum ${n}`])));
    this.root = html("figure", { class: "drum-box" }, [
      svg("svg", { viewBox: "0 0 200 190", class: "cabinet", "aria-hidden": "true" }, [
        svg("rect", { x: 2, y: 2, width: 196, height: 186, rx: 5, fill: "#7b7e84" }), svg("path", { d: "M100 8V182", stroke: "#63666c", "stroke-width": 2 }),
        svg("rect", { x: 2, y: 170, width: 196, height: 8, fill: "#b0b0ab" }), svg("circle", { cx: 28, cy: 42, r: 6.5, fill: "#4a4b50" }), this.light,
        svg("text", { x: 100, y: 24, class: "cabinet-name" }, ["733 MAGNETIC DRUM"]),
      ]),
      html("figcaption", {}, [this.text, html("span", { class: "acts" }, [this.number]), this.list]),
    ]);
    dropping(this.root, (file) => this.drop(file));
  }

  /** @param {File} file */
  async drop(file) {
    const item = await this.desk.recognised(file, "drum");
    if (item) await this.desk.act(`mount drum ${/** @type {HTMLSelectElement} */ (this.number).value} ${item.name}`);
  }

  /** @param {import("./picture.js").Picture} picture */
  show({ selected }) {
    if (selected.drum === this.lit) return;
    this.lit = selected.drum;
    this.light.setAttribute("opacity", this.lit ? "1" : "0");
  }

  /** @param {import("./machine.js").Told} told */
  tell({ drums }) {
    if (drums.join() === this.known) return;
    this.known = drums.join();
    this.text.textContent = drums.length === 0 ? "nothing is on the drums" : `words are on ${drums.map((n) => `drum ${n}`).join(", ")}`;
    this.list.replaceChildren(...drums.map((number) => {
      const button = html("button", { type: "button" }, [`save drum ${number}`]);
      button.addEventListener("click", async () => {
        const bytes = await this.desk.machine.call("drum", number);
        if (bytes) download(`drum-${number}.drm`, bytes);
      });
      return button;
    }));
  }
}
