// @ts-check
/**
 * A 727 tape unit. All that moves is computed from the place of the tape and what it does, so that the same picture comes from a
 * snapshot, forwards and backwards in time.
 */
import { svg } from "./svg.js";

/** @typedef {import("./picture.js").TapePicture} TapePicture */

/** Inches: the hub, the thickness of tape, a whole reel in feet, and what is always wound on the machine reel. */
const HUB = 2.56;
const THICK = 0.0022;
const REEL = 2400;
const WRAPPED = 15;
/** Units of the drawing in an inch of a reel of 10 1/2 inches. */
const INCH = 103 / 5.25;
/** A loop is between these inches of tape: its reel feeds above the first and takes up below the second. */
const SHORT = 15;
const LONG = 40;
/** An inch of a loop, in units of the drawing: a loop is half as deep as it is long. */
const DEEP = 494 / 24;

/** The radius of a pack, in inches. @param {number} feet */
export const radius = (feet) => Math.sqrt(HUB * HUB + (12 * Math.max(feet, 0) * THICK) / Math.PI);

/** How far a reel has turned that holds so much tape, in turns. @param {number} feet */
export const turns = (feet) => (radius(feet) - HUB) / THICK;

/**
 * The loops, in inches of tape: a reel stands while its loop grows or shrinks from one switch to the other, then it goes twice as fast
 * as the tape.
 * @param {number} feet
 */
export function loops(feet) {
  const span = LONG - SHORT;
  const phase = (feet * 12) % (2 * span);
  const machine = phase < span ? SHORT + phase : LONG - (phase - span);
  return { machine, file: SHORT + LONG - machine };
}

/**
 * How a unit looks.
 * @param {number} feet between load point and head
 * @param {boolean} fast a rewind at 500 inches a second: the loops are out of the columns
 * @param {number} whole feet of tape on the reel
 */
export function look(feet, fast, whole = REEL) {
  const { machine, file } = fast ? { machine: 0, file: 0 } : loops(feet);
  const wound = WRAPPED + feet - machine / 12;
  const left = Math.max(whole - feet - file / 12, 0);
  return {
    file: { radius: radius(left), turns: turns(left), loop: file },
    // tape comes off one reel and goes on the other: both turn the same way
    machine: { radius: radius(wound), turns: -turns(wound), loop: machine },
  };
}

/** A reel with three windows. @param {number} x @param {number} y @param {string} colour */
function reel(x, y, colour) {
  const pack = svg("circle", { cx: x, cy: y, r: 60, fill: "#4d3a31" });
  const window = (/** @type {number} */ n) => svg("path", { d: "M-20 -58A62 62 0 0 1 20 -58L31 -90A95 95 0 0 0 -31 -90z", transform: `rotate(${n * 120})`, class: "window" });
  const flange = svg("g", {}, [
    svg("circle", { r: 103, fill: colour, "fill-opacity": 0.34, stroke: "#d8d8d4", "stroke-width": 3 }),
    window(0), window(1), window(2),
    svg("circle", { r: 40, fill: "#d5d3cb", stroke: "#3a8f6f", "stroke-width": 5 }),
    svg("circle", { r: 15, fill: "#6b6b70" }), svg("path", { d: "M-4 -38h8v24h-8z", fill: "#6b6b70" }),
  ]);
  const place = svg("g", { transform: `translate(${x} ${y})` }, [flange]);
  const blur = svg("circle", { cx: x, cy: y, r: 78, class: "blur", opacity: 0 });
  return { node: svg("g", {}, [svg("circle", { cx: x, cy: y, r: 106, fill: "#1d1d20" }), pack, place, blur]), pack, flange, blur };
}

/** A vacuum column and its loop. @param {number} left @param {number} right */
function columnOf(left, right) {
  const loop = svg("path", { class: "tape" });
  const node = svg("g", {}, [
    svg("rect", { x: left - 6, y: 475, width: right - left + 12, height: 494, fill: "#9a9a9a" }),
    svg("rect", { x: left, y: 475, width: right - left, height: 488, fill: "#3e3e3e" }), loop,
  ]);
  return { node, loop, left: left + 8, right: right - 8 };
}

/** A light with its legend. @param {number} x @param {string[]} legend @param {string} off @param {string} on */
function light(x, legend, off, on) {
  const glow = svg("rect", { x, y: 395, width: 27, height: 32, fill: on, opacity: 0 });
  const text = legend.map((line, n) => svg("text", { x: x + 13.5, y: 415 + (n - (legend.length - 1) / 2) * 8.5, class: "unit-legend" }, [line]));
  return { node: svg("g", {}, [svg("rect", { x, y: 395, width: 27, height: 32, fill: off, stroke: "#222" }), glow, ...text]), glow };
}

/** @param {number} x @param {string[]} legend */
const key = (x, legend) => svg("g", {}, [
  svg("rect", { x, y: 395, width: 27, height: 32, fill: "#1b1b1e", stroke: "#000" }),
  ...legend.map((line, n) => svg("text", { x: x + 13.5, y: 415 + (n - (legend.length - 1) / 2) * 8.5, class: "unit-legend", fill: "#eee" }, [line])),
]);

/** Reels have colours, so that ten of them can be distinguished. @param {string} label */
export function colour(label) {
  const colours = ["#e9e6dc", "#8fb7d6", "#d9b35e", "#c98686", "#93bd8d", "#b59ccc", "#d0d0d4", "#7d8790"];
  let sum = 0;
  for (const character of label) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return colours[sum % colours.length];
}

/** A tape unit as it is drawn. */
export class Unit {
  /** @param {number} number 1 to 10 */
  constructor(number) {
    this.number = number;
    this.file = reel(144, 150, "#e9e6dc");
    this.machine = reel(363, 150, "#e9e6dc");
    this.left = columnOf(118, 176);
    this.right = columnOf(331, 397);
    this.select = light(77, ["SELECT"], "#5e5a2b", "#fff78a");
    this.ready = light(164, ["READY"], "#77766f", "#f2f0df");
    this.protect = light(316, ["FILE", "PROT"], "#5a221b", "#f0836b");
    this.indicator = light(403, ["TAPE", "IND"], "#5e5a2b", "#fff78a");
    this.threads = svg("path", { class: "tape" });
    this.head = svg("g", { class: "head" }, [
      svg("path", { d: "M214 262L226 248H281L293 262V351H214z", fill: "#b9b9b4", stroke: "#55555a", "stroke-width": 2 }),
      svg("rect", { x: 238, y: 300, width: 31, height: 51, fill: "#6d6d72" }),
    ]);
    const wheel = (/** @type {number} */ x) => svg("circle", { cx: x, cy: 285, r: 13, fill: "#c9c9c4", stroke: "#444", "stroke-width": 2 });
    this.mounted = svg("g", {}, [this.file.node]);
    this.root = svg("svg", { viewBox: "0 -60 512 1290", class: "unit", "aria-hidden": "true" }, [
      svg("rect", { x: 0, y: -60, width: 512, height: 1290, rx: 8, fill: "#8b8b90" }),
      svg("rect", { x: 0, y: -56, width: 512, height: 46, fill: "#2a2a2e" }),
      svg("rect", { x: 232, y: -53, width: 48, height: 40, fill: "#e08a35" }),
      svg("text", { x: 256, y: -22, class: "unit-number" }, [String(number % 10)]),
      svg("rect", { x: 6, y: 0, width: 500, height: 1000, fill: "#a3a3a3" }),
      svg("rect", { x: 29, y: 26, width: 454, height: 948, fill: "#55565c" }),
      svg("rect", { x: 7, y: 372, width: 16, height: 68, rx: 4, fill: "#d8d8d4" }),
      this.mounted, this.machine.node, this.left.node, this.right.node, this.threads, this.head, wheel(135), wheel(370),
      svg("rect", { x: 29, y: 351, width: 454, height: 124, fill: "#c9c9c4" }),
      this.select.node, key(106, ["RESET"]), key(135, ["START"]), this.ready.node,
      svg("circle", { cx: 255, cy: 410, r: 24, fill: "#16161a" }), svg("path", { d: "M255 390v16", stroke: "#fff", "stroke-width": 4 }),
      this.protect.node, key(345, ["LOAD", "RWD"]), key(374, ["UN-", "LOAD"]), this.indicator.node,
      svg("rect", { x: 6, y: 1012, width: 500, height: 206, fill: "#7b7b81" }), svg("path", { d: "M40 1190h432", stroke: "#5f5f65", "stroke-width": 8 }),
    ]);
    this.whole = REEL;
    /** What was drawn last. */
    this.key = "";
    this.show({ feet: 0, reel: false, ring: false, selected: false, motion: "still", writes: false, nearEnd: false, ready: false }, false);
  }

  /** The reel has a colour of its own. @param {string} label @param {number} whole feet of tape on it */
  name(label, whole = REEL) {
    this.whole = whole;
    this.file.flange.firstElementChild?.setAttribute("fill", colour(label));
  }

  /**
   * Shows the unit as it is now.
   * @param {TapePicture} tape
   * @param {boolean} moves false for people who want nothing to move
   */
  show(tape, moves) {
    const key = [tape.feet.toFixed(2), tape.reel, tape.ring, tape.selected, tape.motion, tape.nearEnd, tape.ready, moves].join();
    if (key === this.key) return;
    this.key = key;
    const fast = tape.motion === "fast";
    const on = (/** @type {{ glow: SVGElement }} */ light, /** @type {boolean} */ is) => light.glow.setAttribute("opacity", is ? "1" : "0");
    const rewinds = fast || (tape.motion === "backward" && !tape.selected);
    on(this.select, tape.selected);
    on(this.ready, tape.reel && tape.ready);
    on(this.protect, tape.reel && (tape.ready || rewinds) && (!tape.ring || rewinds));
    on(this.indicator, tape.nearEnd);
    this.mounted.setAttribute("visibility", tape.reel ? "visible" : "hidden");
    this.threads.setAttribute("visibility", tape.reel ? "visible" : "hidden");
    const now = look(moves ? tape.feet : Math.round(tape.feet), fast, this.whole);
    for (const [reel, { radius, turns }] of /** @type {const} */ ([[this.file, now.file], [this.machine, now.machine]])) {
      reel.pack.setAttribute("r", tape.reel ? (radius * INCH).toFixed(1) : "50");
      if (moves) reel.flange.setAttribute("transform", `rotate(${((turns % 1) * 360).toFixed(1)})`);
      reel.blur.setAttribute("opacity", fast ? "0.5" : "0");
    }
    for (const [column, loop] of /** @type {const} */ ([[this.left, now.file.loop], [this.right, now.machine.loop]])) {
      const depth = Math.min((loop / 2) * DEEP, 470);
      const { left, right } = column;
      const round = (right - left) / 2;
      column.loop.setAttribute("d", tape.reel && !fast
        ? `M${left} 475v${Math.max(depth - round, 0).toFixed(1)}a${round} ${round} 0 0 0 ${2 * round} 0V475` : "");
    }
    this.head.setAttribute("transform", fast ? "translate(0 -22)" : "");
    const reach = (/** @type {number} */ x, /** @type {number} */ inches, /** @type {number} */ side) => `M${(x + side * inches * INCH).toFixed(1)} 150L`;
    const over = fast ? "122 285L214 262H293L389 285" : "126 300V475M168 475V300L214 285H293L339 300V475M389 475V300";
    this.threads.setAttribute("d", `${reach(144, now.file.radius, -1)}${over}${reach(363, now.machine.radius, 1)}389 300`);
  }
}

/** What a tape does, in words. */
const DOES = {
  searches: "starts to read", reads: "reads", writes: "writes", "writes-mark": "writes a file mark", backspaces: "backspaces", rewinds: "rewinds", stands: "is still",
};

/** The words under a unit. @param {import("./machine.js").Tape | undefined} tape @returns {string} */
export function words(tape) {
  if (!tape) return "no reel";
  const parts = [`${tape.feet.toFixed(1)} ft`];
  if (tape.records > 0) parts.push(`${tape.records} record${tape.records === 1 ? "" : "s"}`);
  parts.push(tape.ring ? "ring in" : "no ring");
  if (tape.does !== "stands") parts.push(DOES[tape.does] + (tape.words > 0 ? `, ${tape.words} words` : ""));
  else if (tape.lights.load_point) parts.push("at the load point");
  if (tape.does === "stands" && !tape.lights.ready) parts.push("not ready");
  return parts.join(", ");
}

