// @ts-check
/** How the time of the wall becomes cycles of the machine. */

/** Machine cycles of a real 704 in a millisecond. */
export const CYCLES = 1000 / 12;

/** So much time at most is made up for after a pause: a tab that sleeps does not race when it wakes. */
export const MOST_OWED = 250;

/** So long the machine runs before messages are looked at again, in milliseconds. */
export const SLICE = 12;

/** The speeds, as `emu704 tui` has them: times the real machine, 0 for as fast as it goes. */
export const SPEEDS = new Map([["real", 1], ["10x", 10], ["100x", 100], ["full", 0]]);

/**
 * What a pace drives: the part of `Room704` that it needs.
 * @typedef {{ run(most: number, samples: number): number, is_going(): boolean, is_waiting(): boolean }} Runs
 */

/** Gives a machine its time, and measures how fast it goes. */
export class Pace {
  constructor() {
    /** Times the real machine; 0 is as fast as it goes. */
    this.factor = 1;
    /** Cycles that the machine has not been given yet. */
    this.owed = 0;
    /** Machine time over the time of the wall, of the last half second. */
    this.ratio = 0;
    this.measured = { ms: 0, cycles: 0 };
    /** Cycles that one call is given when nothing else bounds it; it grows and shrinks with the host. */
    this.chunk = 2000;
  }

  /** The machine is stopped: it is owed no time, and has no ratio. */
  stand() {
    this.owed = 0;
    this.ratio = 0;
    this.measured = { ms: 0, cycles: 0 };
  }

  /**
   * Time of the wall has gone by; the machine gets its cycles, but not for longer than a slice.
   * @param {Runs} room
   * @param {number} elapsed milliseconds
   * @param {() => number} clock
   */
  give(room, elapsed, clock) {
    const ms = Math.min(Math.max(elapsed, 0), MOST_OWED);
    const begun = clock();
    let given = 0;
    if (this.factor > 0) this.owed += ms * CYCLES * this.factor;
    while (room.is_going()) {
      const wanted = this.factor > 0 ? Math.floor(this.owed) : Infinity;
      if (wanted < 1) break;
      const most = Math.min(wanted, this.chunk);
      const before = clock();
      // at low speeds every instruction lights its lamps
      const took = room.run(most, this.factor > 0 && this.factor <= 10 ? 0 : 16);
      const spent = clock() - before;
      given += took;
      this.owed -= this.factor > 0 ? took : 0;
      if (took === 0 || room.is_waiting()) {
        // time stands for a machine that waits for another one on a cable
        if (room.is_waiting()) this.owed = Math.min(this.owed, 1);
        break;
      }
      // a call shall take a millisecond or two
      if (spent < 1 && most === this.chunk) this.chunk = Math.min(this.chunk * 2, 4e6);
      if (spent > 4) this.chunk = Math.max(this.chunk / 2, 500);
      if (clock() - begun >= SLICE) {
        // what could not be done in time is let go
        this.owed = Math.min(this.owed, CYCLES * Math.max(this.factor, 1));
        break;
      }
    }
    this.measured.ms += Math.max(elapsed, 0);
    this.measured.cycles += given;
    if (this.measured.ms >= 500) {
      this.ratio = this.measured.cycles / CYCLES / this.measured.ms;
      this.measured = { ms: 0, cycles: 0 };
    }
  }
}
