// @ts-check
/** Reads the pictures that emu704/src/web/picture.rs makes. */

/** Lamps of each row, the leftmost lamp first. */
export const ROWS = /** @type {const} */ ([
  ["storage", 36], ["accumulator", 38], ["mq", 36], ["instruction", 18], ["counter", 15], ["index", 15], ["single", 15],
]);

/** The first byte of a picture that this page knows. */
export const FORM = 1;

/** What a tape does. */
const MOTIONS = /** @type {const} */ (["still", "forward", "backward", "fast"]);

/** @typedef {{ feet: number, reel: boolean, ring: boolean, selected: boolean, motion: typeof MOTIONS[number], writes: boolean, nearEnd: boolean, ready: boolean }} TapePicture */

/** Where the lamps begin. */
const LAMPS = 95;

/** All lamps. */
export const COUNT = ROWS.reduce((sum, [, length]) => sum + length, 0);

/** A picture of the panel and the units. */
export class Picture {
  /** @param {ArrayBuffer} buffer */
  constructor(buffer) {
    const view = new DataView(buffer);
    if (view.getUint8(0) !== FORM) throw new Error(`a picture of form ${view.getUint8(0)}, expected ${FORM}`);
    const flags = view.getUint8(1);
    this.power = (flags & 1) !== 0;
    this.going = (flags & 2) !== 0;
    this.automatic = (flags & 4) !== 0;
    this.failure = (flags & 8) !== 0;
    this.inPast = (flags & 16) !== 0;
    const sense = view.getUint8(2);
    this.sense = Array.from({ length: 6 }, (_, n) => (sense >> n & 1) === 1);
    this.lights = view.getUint8(3);
    /** The entry keys as a number of 36 bits. */
    this.keys = view.getFloat64(4, true);
    this.cycles = view.getFloat64(12, true);
    const [hopper, read, punched, lines, frames] = [20, 24, 28, 32, 36].map((at) => view.getFloat32(at, true));
    this.cards = { hopper, read, punched };
    this.lines = lines;
    this.frames = frames;
    this.tapes = Array.from({ length: 10 }, (_, n) => {
      const at = 40 + 5 * n;
      const bits = view.getUint8(at + 4);
      return {
        feet: view.getFloat32(at, true),
        reel: (bits & 1) !== 0,
        ring: (bits & 2) !== 0,
        selected: (bits & 4) !== 0,
        motion: MOTIONS[bits >> 3 & 3],
        writes: (bits & 32) !== 0,
        nearEnd: (bits & 64) !== 0,
        ready: (bits & 128) !== 0,
      };
    });
    const units = view.getUint8(90);
    this.selected = {
      reader: (units & 1) !== 0, punch: (units & 2) !== 0, printer: (units & 4) !== 0, drum: (units & 8) !== 0, crt: (units & 16) !== 0,
    };
    /** Points of the frame before the camera. */
    this.points = view.getFloat32(91, true);
    /** Brightness of all lamps, row by row, 0 to 255. */
    this.lamps = new Uint8Array(buffer, LAMPS, COUNT);
  }

  /** The octal digit of three entry keys that begin at key `first`. @param {number} first */
  digit(first) {
    return Math.floor(this.keys / 2 ** (33 - first)) % 8;
  }

  /** An entry key is down. @param {number} key 0 for S to 35 */
  key(key) {
    return Math.floor(this.keys / 2 ** (35 - key)) % 2 === 1;
  }
}

/** The place of a row's first lamp. @param {string} row */
export function offset(row) {
  let at = 0;
  for (const [name, length] of ROWS) {
    if (name === row) return at;
    at += length;
  }
  throw new Error(`there is no row ${row}`);
}
