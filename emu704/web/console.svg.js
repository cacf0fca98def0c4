// @ts-check
/** The operator's panel as SVG: what does not move, and the lamps over it. */
import { BRACKETS, DEAF, ENTRY, KEYS, NEONS, PADDLE, POWER, ROWS_OF_KEYS, SQUARE, SQUARES, SWITCHES, TITLES, VIEW, column, paddle } from "./layout.js";
import { offset } from "./picture.js";
import { drawn, mark } from "./svg.js";

const VIEWBOX = `${VIEW.x} ${VIEW.y} ${VIEW.width} ${VIEW.height}`;

/** Lines of a legend in the middle of a square. @param {{ x: number, y: number, width?: number, legend: string[] }} square @param {string} fill */
function legend({ x, y, width = SQUARE.width, legend }, fill) {
  const middle = y + SQUARE.height / 2;
  return legend.map((line, n) => mark("text", {
    x: x + width / 2, y: middle + 1.9 + (n - (legend.length - 1) / 2) * 5.6, fill, "text-anchor": "middle", class: "legend",
    // the widest words would touch the edges
    ...(width === SQUARE.width && /^(DISPLAY|NORMAL)$/.test(line) ? { textLength: 20.5, lengthAdjust: "spacingAndGlyphs" } : {}),
  }, [line]));
}

/** White on what is dark, black on what is bright. @param {string} colour */
function readable(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.3 * r + 0.6 * g + 0.1 * b > 130 ? "#16171b" : "#f4f4ee";
}

/** A bracket over lamps, with feet between the octal digits. @param {{ y: number, ticks: number[] }} bracket */
function bracket({ y, ticks }) {
  const [first, last] = [ticks[0], ticks[ticks.length - 1]].map(column);
  const feet = ticks.map((tick) => {
    // behind 8 a new bracket begins: characteristic and fraction
    const double = tick === 8.5 && ticks.length > 8;
    const x = column(tick);
    return double ? `M${x - 1} ${y}v5m2 0v-5` : `M${x} ${y}v5`;
  });
  return mark("path", { d: `M${first} ${y}H${last}${feet.join("")}`, class: "bracket" });
}

/** Numbers of the positions over lamps. @param {number} y @param {[number, string | number][]} numbers place and text */
const numbers = (y, numbers) =>
  numbers.map(([n, text]) => mark("text", { x: column(n), y, class: "number" }, [String(text)]));

/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** A stroke of the brush over the desk, which is round at its lower corners. @param {number} y */
function brushed(y) {
  const short = y > 560 ? Math.ceil(24.5 - Math.sqrt(24.5 ** 2 - (y - 560) ** 2)) : 0;
  return mark("path", { d: `M${13 + short} ${y}H${499 - short}` });
}

/** All that does not move. @returns {SVGElement} */
export function board() {
  const parts = [
    mark("rect", { x: 0, y: 36, width: 512, height: 562, fill: "url(#cabinet)" }),
    mark("rect", { x: 49, y: 57, width: 414, height: 18, rx: 2, fill: "url(#metal)", stroke: "#3a3a40", "stroke-width": 0.6 }),
    mark("text", { x: 256, y: 69, class: "plate", textLength: 386 }, ["ELECTRONIC DATA PROCESSING MACHINE   TYPE 704"]),
    mark("rect", { x: 11, y: 96, width: 490, height: 490, rx: 25, fill: "#3d333b" }),
    mark("path", { d: "M37 97.5H475a24 24 0 0 1 24.5 24.5V378H12.5V122A24 24 0 0 1 37 97.5z", fill: "url(#enamel)" }),
    mark("rect", { x: 12.5, y: 378, width: 487, height: 9, fill: "url(#metal)" }),
    mark("path", { d: "M12.5 387H499.5V560a24 24 0 0 1 -24.5 24.5H37A24 24 0 0 1 12.5 560z", fill: "url(#desk)" }),
    mark("g", { class: "brushed" }, range(0, 38).map((n) => brushed(389 + n * 5))),
  ];
  // the channels of the square lights and keys
  for (const [x, y, width, dark] of [[27, 142.5, 78, 1], [382, 142.5, 103, 1], [26.5, 410.5, 102, 0], [26.5, 486.5, 102, 0]]) {
    parts.push(
      mark("rect", { x, y, width, height: 52, rx: 1.5, fill: "url(#metal)", stroke: dark ? "#23242a" : "#77757a", "stroke-width": 0.6 }),
      mark("rect", { x, y: y + 24.3, width, height: 3.4, fill: "#1d1e23" }),
    );
  }
  parts.push(
    ...SQUARES.flatMap((square) => [
      mark("rect", { x: square.x, y: square.y, ...SQUARE, rx: 1, fill: square.off, stroke: "#222", "stroke-width": 0.4 }),
      ...legend(square, readable(square.off)),
    ]),
    ...POWER.flatMap((key) => [
      mark("rect", { x: key.x, y: key.y, ...SQUARE, rx: 1, fill: key.fill, stroke: "#000", "stroke-width": 0.4 }),
      ...legend(key, "#f4f4ee"),
    ]),
    ...KEYS.flatMap((key) => [
      mark("rect", { x: key.x, y: key.y, width: key.width ?? SQUARE.width, height: SQUARE.height, rx: 1.5, fill: "#16171b", stroke: "#000", "stroke-width": 0.4 }),
      ...legend(key, "#f0f0ea"),
    ]),
    ...BRACKETS.map(bracket),
    ...numbers(177.5, range(3, 17).map((n) => [n + 2, n])),
    ...numbers(222.5, [[-2, "S"], ...range(1, 35).map((n) => /** @type {[number, number]} */ ([n, n]))]),
    ...numbers(259.5, [[-2, "S"], [-1, "Q"], [0, "P"], ...range(1, 35).map((n) => /** @type {[number, number]} */ ([n, n]))]),
    ...numbers(295.5, [[-2, "S"], ...range(1, 35).map((n) => /** @type {[number, number]} */ ([n, n]))]),
    ...numbers(336.5, [...range(21, 35).map((n) => /** @type {[number, number]} */ ([n - 23, n])), [18, "S"], ...range(1, 17).map((n) => /** @type {[number, number]} */ ([n + 18, n]))]),
    ...TITLES.map(({ text, x, y }) => mark("text", { x, y: y + 1.5, class: "title" }, [text])),
    mark("text", { x: 316.5, y: 202, class: "number" }, ["TAPE"]),
    mark("text", { x: 316.5, y: 207, class: "number" }, ["CHECK"]),
    ...[...NEONS, ...DEAF].flatMap(({ x, y }) => [
      mark("circle", { cx: x, cy: y, r: 5.1, fill: "url(#bezel)" }),
      mark("circle", { cx: x, cy: y, r: 3.4, fill: "url(#lens)" }),
      mark("path", { d: `M${x - 2.5} ${y + 1.2}a2.9 2.9 0 0 1 1.6 -3.7`, class: "crescent" }),
    ]),
  );
  const label = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, kind = "field") => mark("text", { x, y, class: kind }, [text]);
  const [upper, lower] = ROWS_OF_KEYS;
  const strip = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ width) =>
    mark("rect", { x: x - 1.5, y: y - 7, width, height: PADDLE.height + 9, rx: 1, fill: "#2b2b2f" });
  parts.push(
    label("AUTOMATIC", 166, SWITCHES - 4), label("MANUAL", 166, SWITCHES + PADDLE.height + 8.5),
    mark("path", { d: "M256 403V399H488V403", class: "dark-bracket" }), label("SENSE", 372, 397),
    ...[1, 2, 3, 4].map((n) => label(String(n), 268 + 22.7 * (n - 1), 425)),
    label("OPERATION", 228, upper - 9), label("DECREMENT", 392, upper - 9), label("INDEX", 183, lower - 9), label("ADDRESS", 356, lower - 9),
    mark("rect", { x: 154.5, y: SWITCHES - 2, width: 21, height: PADDLE.height + 4, rx: 1, fill: "#2b2b2f" }),
    strip(374, SWITCHES, 6 * 18.2 + 1), strip(paddle(0), upper, 18 * 18.2 + 1.5), strip(paddle(0), lower, 18 * 18.2 + 1.5),
    ...ENTRY.map(({ label, x, y }) => mark("text", { x: x + PADDLE.width / 2, y: y - 1.8, class: "number" }, [label])),
    ...[0, 1, 2, 3, 4, 5].map((n) => mark("text", { x: 374 + 18.2 * n + PADDLE.width / 2, y: SWITCHES - 1.8, class: "number" }, [String(n + 1)])),
  );
  return drawn(mark("svg", { viewBox: VIEWBOX, class: "board", "aria-hidden": "true" }, parts));
}

/** How bright a light looks that is lit for a share of the time. @param {number} level 0 to 255 */
const seen = (level) => (level === 0 ? 0 : Math.round(Math.max(Math.sqrt(level / 255), 0.1) * 20) / 20);

/** The lamps over the board. */
export class Lamps {
  constructor() {
    const squares = SQUARES.filter(({ at }) => at >= 0);
    this.root = drawn(mark("svg", { viewBox: VIEWBOX, class: "lamps", "aria-hidden": "true" }, [
      ...NEONS.map(({ x, y }) => mark("circle", { cx: x, cy: y, r: 8.2, fill: "url(#neon)", "fill-opacity": 0 })),
      ...squares.map((square) => mark("g", { opacity: 0 }, [
        mark("rect", { x: square.x, y: square.y, ...SQUARE, rx: 1, fill: square.on }), ...legend(square, "#16171b"),
      ])),
    ]));
    const glows = /** @type {SVGElement[]} */ ([...this.root.children]);
    this.neons = NEONS.map(({ row, at }, n) => ({ glow: glows[n], at: offset(row) + at, shown: 0 }));
    this.squares = squares.map(({ at }, n) => ({ glow: glows[NEONS.length + n], at: offset("single") + at, level: 0, shown: 0 }));
    this.drawn = 0;
  }

  /**
   * Shows a picture. Neons follow at once; lamps with a filament rise in 80 ms and fall in 120.
   * @param {Uint8Array} lamps
   * @param {number} ms since the last picture
   * @returns {boolean} a filament still changes
   */
  show(lamps, ms) {
    let changes = false;
    for (const neon of this.neons) {
      const opacity = seen(lamps[neon.at]);
      if (opacity !== neon.shown) set(neon, opacity, "fill-opacity");
    }
    for (const square of this.squares) {
      const target = lamps[square.at];
      const share = 1 - Math.exp(-ms / (target > square.level ? 27 : 40));
      square.level += (target - square.level) * share;
      if (Math.abs(target - square.level) < 4) square.level = target;
      else changes = true;
      const opacity = Math.round((square.level / 255) ** 0.7 * 40) / 40;
      if (opacity !== square.shown) set(square, opacity, "opacity");
    }
    this.drawn++;
    return changes;
  }
}

/**
 * The opacity of a fill costs a browser far less than that of an element.
 * @param {{ glow: SVGElement, shown: number }} light @param {number} opacity @param {string} attribute
 */
function set(light, opacity, attribute) {
  light.shown = opacity;
  light.glow.setAttribute(attribute, String(opacity));
}
