// @ts-check
/** Gradients and patterns that all drawings share. They stand in a drawing of their own, which is always there. */
import { drawn, mark } from "./svg.js";

/** @param {[number, string, number?][]} list */
const stops = (list) => list.map(([at, colour, opacity]) => mark("stop", { offset: at, "stop-color": colour, "stop-opacity": opacity ?? 1 }));

/** @param {string} id @param {[number, string, number?][]} list */
const down = (id, list) => mark("linearGradient", { id, x1: 0, y1: 0, x2: 0, y2: 1 }, stops(list));

/** @param {string} id @param {number[]} place middle and radius @param {[number, string, number?][]} list */
const round = (id, [cx, cy, r], list) => mark("radialGradient", { id, cx, cy, r }, stops(list));

/** All of them. */
export function paints() {
  return drawn(mark("svg", { class: "paints", width: 0, height: 0, "aria-hidden": "true" }, [mark("defs", {}, [
    down("enamel", [[0, "#4b4d59"], [1, "#4f525b"]]), down("desk", [[0, "#d0cdc8"], [0.5, "#c8c5c0"], [1, "#bab7b2"]]),
    down("cabinet", [[0, "#63636d"], [1, "#4d4d56"]]), down("metal", [[0, "#eceae4"], [0.5, "#b4b2ab"], [1, "#dddbd3"]]),
    round("bezel", [0.35, 0.4, 0.75], [[0, "#e8e8ea"], [0.45, "#8d8e95"], [1, "#303138"]]),
    round("lens", [0.5, 0.5, 0.5], [[0, "#2c2b30"], [0.6, "#55555c"], [1, "#3a3a41"]]),
    round("neon", [0.5, 0.5, 0.5], [[0, "#ffd9a8"], [0.26, "#ff7350"], [0.42, "#ff6a2a", 0.95], [0.5, "#ff7a3a", 0.34], [1, "#ff7a3a", 0]]),
    mark("pattern", { id: "cards", width: 4, height: 1.5, patternUnits: "userSpaceOnUse" }, [
      mark("rect", { width: 4, height: 1.5, fill: "#efe2bb" }), mark("path", { d: "M0 0H4", stroke: "#b8aa7c", "stroke-width": 0.4 }),
    ]),
  ])]));
}
