// @ts-check
/**
 * The worker: the machines, and the time that they get. A message is a call of a method by its name; every call is answered. Events
 * report what happens by itself.
 */
import init, { Room704 } from "./emu704.js";
import { Pace, SPEEDS } from "./pace.js";
import { begun, isWhole, load, loadNow } from "./rest.js";

/** MULTIPLE STEP makes a step in so many milliseconds. */
const STEP = 100;
/** What can be read is told again in so many milliseconds while a machine goes. */
const TOLD = 250;

/** A machine with its pace. */
class Seat {
  /** @param {string} name @param {string} core */
  constructor(name, core) {
    this.name = name;
    this.room = new Room704(core);
    this.pace = new Pace();
    this.stepping = false;
    this.stepped = 0;
    this.toldAt = 0;
    this.went = false;
  }

  get live() {
    return this.stepping || this.room.is_going();
  }

  /** Reports registers, units, paper. */
  tell() {
    this.toldAt = performance.now();
    this.went = this.room.is_going();
    post({
      event: "told",
      room: this.name,
      told: JSON.parse(this.room.told()),
      paper: this.room.take_paper(),
      happened: JSON.parse(this.room.take_happened()),
      ratio: this.pace.ratio,
    });
  }

  /** @param {number} elapsed */
  give(elapsed) {
    if (this.stepping) {
      this.stepped += elapsed;
      if (this.stepped >= STEP) {
        this.stepped = 0;
        this.stepping = this.room.multiple_step();
        this.tell();
      }
    }
    if (!this.room.is_going()) return;
    try {
      this.pace.give(this.room, elapsed, () => performance.now());
    } catch (error) {
      post({ event: error instanceof WebAssembly.RuntimeError ? "lost" : "failed", room: this.name, error: text(error) });
    }
    if (!this.room.is_going()) this.pace.stand();
    if (this.room.is_going() !== this.went || performance.now() - this.toldAt > TOLD) this.tell();
  }
}

/** @type {Map<string, Seat>} */
const seats = new Map();
let last = performance.now();
let waits = false;
const turn = new MessageChannel();
turn.port1.onmessage = tick;

/** @param {unknown} error */
function text(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {any} message @param {Transferable[]} [transfer] */
function post(message, transfer = []) {
  // @ts-ignore: the page's postMessage has other arguments
  self.postMessage(message, transfer);
}

/** Sees to it that the machines get their time. */
function wake() {
  const live = [...seats.values()].filter((seat) => seat.live);
  if (waits || live.length === 0) return;
  waits = true;
  const full = live.some((seat) => seat.pace.factor === 0 && seat.room.is_going());
  // timers wait at least four milliseconds: at full speed a message to itself does not
  if (full) turn.port2.postMessage(0);
  else setTimeout(tick, 5);
}

function tick() {
  waits = false;
  const now = performance.now();
  const elapsed = now - last;
  last = now;
  for (const seat of seats.values()) seat.give(elapsed);
  wake();
}

/** Methods of a room that change nothing that is told. */
const QUIET = new Set(["file", "changed_files", "recognise", "core_hash", "cycles", "reel", "save", "put_file", "keep", "points", "frames", "film", "deck", "drum", "parts", "core_words", "debugging"]);

/** Methods that need the rest of the program. */
const LATE = new Set(["command", "set_up", "restore", "core_words", "debugging"]);

/**
 * What a page may call beside the methods of `Room704`.
 * @type {Record<string, (seat: Seat, ...args: any[]) => any>}
 */
const CALLS = {
  speed(seat, word) {
    seat.pace.factor = SPEEDS.get(word) ?? 1;
    seat.pace.stand();
  },
  parts: () => Room704.parts(),
  hold_step(seat, held) {
    seat.stepping = held;
    seat.stepped = STEP;
  },
  /** A cable between two machines. */
  cable(seat, unit, other, at) {
    const end = seats.get(other);
    if (!end || end === seat) throw new Error(`there is no other machine ${other}`);
    seat.room.cable(unit, end.room, at);
    end.tell();
  },
  /** All that is to be kept of a room: the machine, and the files that have changed. */
  keep(seat) {
    const names = JSON.parse(seat.room.changed_files());
    return { snapshot: seat.room.save(), files: names.map((/** @type {string} */ name) => ({ name, bytes: seat.room.file(name) })) };
  },
  /** Runs without a pause, for tests: to the stop, or so many cycles. */
  run_to_stop(seat, most) {
    let taken = 0;
    while (seat.room.is_going() && taken < most) taken += seat.room.run(Math.min(1e7, most - taken), 1);
    return taken;
  },
};

/** @param {Seat} seat @param {string} call @param {any[]} args */
function answer(seat, call, args) {
  const slept = !seat.live;
  // @ts-ignore: a method by its name
  const result = CALLS[call] ? CALLS[call](seat, ...args) : seat.room[call](...args);
  if (!QUIET.has(call)) seat.tell();
  if (slept && seat.live) {
    // time begins now for a machine that stood
    if ([...seats.values()].every((other) => other === seat || !other.live)) last = performance.now();
    wake();
  }
  return result;
}

/** The program is there: what was asked before that is answered now, in its order. @type {() => void} */
let isThere = () => {};
const there = new Promise((done) => (isThere = () => done(null)));

/** @param {MessageEvent} message */
async function received({ data }) {
  const { id, room, call, args } = data;
  try {
    if (call === "begin") {
      begun(await init({ module_or_path: args[0] }), args[1]);
      isThere();
      return post({ id, result: null });
    }
    await there;
    if (call === "rest") {
      await load();
      return post({ id, result: null });
    }
    if (call === "open") {
      seats.get(room)?.room.free();
      const seat = new Seat(room, args[0]);
      seats.set(room, seat);
      seat.tell();
      return post({ id, result: null });
    }
    const seat = seats.get(room);
    if (!seat) throw new Error(`there is no machine ${room}`);
    if (call === "picture") {
      const bytes = seat.room.picture();
      return post({ id, result: bytes.buffer, ratio: seat.pace.ratio }, [bytes.buffer]);
    }
    // a file that cannot be loaded is an error here, and not in the middle of the program
    if (LATE.has(call) && !isWhole()) loadNow();
    const result = answer(seat, call, args);
    post({ id, result });
  } catch (error) {
    post({ id, error: text(error) });
    // after a trap the program is in no state that can be used
    if (error instanceof WebAssembly.RuntimeError) post({ event: "lost", error: text(error) });
  }
}

self.onmessage = received;
