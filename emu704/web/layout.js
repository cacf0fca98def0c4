// @ts-check
/**
 * The places of everything on the operator's panel, in units of the design: 512 wide, `y` down. sure.js says how sure each
 * place is.
 */

/** The part of the design that is drawn. */
export const VIEW = { x: 0, y: 36, width: 512, height: 562 };

/** The middle of position `n` of a register: S stands at -2, Q at -1, P at 0. @param {number} n */
export const column = (n) => 69.2 + 11.32 * n;

/** @typedef {{ row: string, at: number, x: number, y: number }} Neon a lamp: the row, its place in the row, and where it stands */

/** @param {string} row @param {number} y @param {number[]} columns @returns {Neon[]} */
const line = (row, y, columns) => columns.map((n, at) => ({ row, at, x: column(n), y }));
/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** The single lamps by their place in the row `single`. */
export const SINGLE = [
  "PROGRAM STOP", "ACCUMULATOR OVERFLOW", "DIVIDE CHECK", "READ-WRITE SELECT", "MQ OVERFLOW", "READ-WRITE CHECK", "TAPE CHECK", "TRAP",
  "SENSE LIGHT 1", "SENSE LIGHT 2", "SENSE LIGHT 3", "SENSE LIGHT 4", "POWER", "READY", "AUTOMATIC",
];

/** All neon lamps. */
export const NEONS = [
  ...line("index", 190.5, range(5, 19)),
  ...line("storage", 235.5, [-2, ...range(1, 35)]),
  ...line("accumulator", 272.5, range(-2, 35)),
  ...line("mq", 308.5, [-2, ...range(1, 35)]),
  ...line("counter", 349.5, range(-2, 12)),
  ...line("instruction", 349.5, range(18, 35)),
  { row: "single", at: 6, x: 316.5, y: 190.5 },
  { row: "single", at: 7, x: 238.5, y: 349.5 },
  ...[268, 291, 313, 336].map((x, n) => ({ row: "single", at: 8 + n, x, y: 435 })),
];

/** Lamps that are there and do nothing that is known. */
export const DEAF = [
  ...[316.5, 327.8, 339.2, 350.5].map((x) => ({ x, y: 145.5 })),
  ...[327.8, 339.2, 350.5].map((x) => ({ x, y: 190.5 })),
];

/** Square lights: place in the row `single`, or none, colours dark and lit, legend. */
export const SQUARES = [
  { at: 0, x: 29, y: 145, off: "#952519", on: "#f29b67", legend: ["PROG", "STOP"] },
  { at: 1, x: 54, y: 145, off: "#033f42", on: "#46d06a", legend: ["ACCUM", "OVFLO"] },
  { at: 2, x: 79, y: 145, off: "#b2b2b2", on: "#f2eebc", legend: ["DIVIDE", "CHECK"] },
  { at: 3, x: 29, y: 173, off: "#b2b2b2", on: "#f2eebc", legend: ["R/W", "SELECT"] },
  { at: 4, x: 54, y: 173, off: "#033f42", on: "#46d06a", legend: ["QUOT", "OVFLO"] },
  { at: 5, x: 79, y: 173, off: "#b2b2b2", on: "#f2eebc", legend: ["R/W", "CHECK"] },
  { at: 12, x: 384, y: 173, off: "#931c0e", on: "#f29482", legend: ["POWER"] },
  { at: -1, x: 409, y: 173, off: "#b9b8b3", on: "#d7d5a5", legend: ["I/O", "FUSE"] },
  { at: 13, x: 434, y: 173, off: "#b9b8b3", on: "#e6dea5", legend: ["READY"] },
  { at: 14, x: 459, y: 173, off: "#024b5e", on: "#46d06a", legend: ["AUTO-", "MATIC"] },
];

/** Square lights and keys are of one size. */
export const SQUARE = { width: 24, height: 19 };

/** Brackets over lamps: the bounds as columns between positions, a new bracket at each double bound. */
export const BRACKETS = [
  { y: 180.5, from: 4.5, ticks: [4.5, 7.5, 10.5, 13.5, 16.5, 19.5] },
  ...[225.5, 262.5, 298.5].map((y) => ({
    y, from: -2.5, ticks: [-2.5, -1.5, 0.5, 2.5, 5.5, 8.5, 11.5, 14.5, 17.5, 20.5, 23.5, 26.5, 29.5, 32.5, 35.5],
  })),
  { y: 339.5, from: -2.5, ticks: [-2.5, 0.5, 3.5, 6.5, 9.5, 12.5] },
  { y: 339.5, from: 17.5, ticks: [17.5, 18.5, 21.5, 24.5, 27.5, 29.5, 32.5, 35.5] },
];

/** Names of rows: where their middle stands. */
export const TITLES = [
  { text: "INDEX", x: 205, y: 205 }, { text: "STORAGE", x: 273, y: 250 }, { text: "ACCUMULATOR", x: 273, y: 287 },
  { text: "M-Q", x: 273, y: 323 }, { text: "INSTRUCTION COUNTER", x: 126, y: 364 }, { text: "TRAP", x: 238.5, y: 364 },
  { text: "INSTRUCTION", x: 369, y: 364 },
];

/** Push keys: the act, place, name of the part, legend. */
export const KEYS = [
  { act: "press display-a", part: "DISPLAY A", x: 29, y: 413, legend: ["DISPLAY", "A"] },
  { act: "press display-b", part: "DISPLAY B", x: 54, y: 413, legend: ["DISPLAY", "B"] },
  { act: "press display-c", part: "DISPLAY C", x: 78, y: 413, legend: ["DISPLAY", "C"] },
  { act: "step", part: "MULTIPLE STEP", x: 102, y: 413, legend: ["MULT.", "STEP"] },
  { act: "load cards", part: "LOAD CARDS", x: 29, y: 441, legend: ["LOAD", "CARDS"] },
  { act: "load tape", part: "LOAD TAPE", x: 54, y: 441, legend: ["LOAD", "TAPE"] },
  { act: "load drum", part: "LOAD DRUM", x: 78, y: 441, legend: ["LOAD", "DRUM"] },
  { act: "press single-step", part: "SINGLE STEP", x: 102, y: 441, legend: ["SINGLE", "STEP"] },
  { act: "reset", part: "RESET", x: 29, y: 489, legend: ["RESET"] },
  { act: "start", part: "START", x: 54, y: 489, width: 48, legend: ["S T A R T"] },
  { act: "clear", part: "CLEAR", x: 102, y: 489, legend: ["CLEAR"] },
  { act: "press enter-mq", part: "ENTER MQ", x: 29, y: 517, legend: ["ENTER", "MQ"] },
  { act: "press enter-instruction", part: "ENTER INSTRUCTION", x: 54, y: 517, legend: ["ENTER", "INST."] },
  { act: "press display-storage", part: "DISPLAY STORAGE", x: 78, y: 517, legend: ["DISPL.", "STOR."] },
  { act: "press display-effective-address", part: "DISPLAY EFFECTIVE ADDRESS", x: 102, y: 517, legend: ["DISPL.", "E. ADR"] },
];

/** Keys of the power, at the upper right. */
export const POWER = [
  { act: "power on", x: 384, y: 145, fill: "#10131c", legend: ["POWER", "ON"] },
  { act: "", x: 409, y: 145, fill: "#10131c", legend: ["DC", "ON"] },
  { act: "", x: 434, y: 145, fill: "#5c140d", legend: ["DC", "OFF"] },
  { act: "power off", x: 459, y: 145, fill: "#a3231a", legend: ["NORMAL", "OFF"] },
];

/** The upper edges of the switches above, and of the two rows of entry keys: a little apart, so that what is written there can be read. */
export const SWITCHES = 414;
export const ROWS_OF_KEYS = [474, 534];

/** A paddle's size. */
export const PADDLE = { width: 17, height: 42 };

/** The left edge of paddle `k` of a row of entry keys. @param {number} k */
export const paddle = (k) => 156 + 18.2 * k;

/** The entry keys: S and 1-17 above, 18-35 below; shades change with the octal digit. */
export const ENTRY = range(0, 35).map((key) => ({
  key,
  x: paddle(key % 18),
  y: ROWS_OF_KEYS[key < 18 ? 0 : 1],
  label: key === 0 ? "S" : String(key),
  shade: key === 0 || Math.floor(key / 3) % 2 === 1 ? "white" : "grey",
}));
