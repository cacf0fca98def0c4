// @ts-check
/** Keeps a room: every few seconds while something changes, and when the page is left. It comes back after a reload. */

/** @typedef {import("./desk.js").Desk} Desk */

/** Milliseconds between two savings. */
const EVERY = 5000;

/** Keeps the room of a desk. */
export class Keeper {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.dirty = false;
    this.busy = false;
    /** Files that were written, and could not be saved yet. @type {Map<string, import("./shelf.js").Item>} */
    this.unsaved = new Map();
    /** Nothing is saved before the room is restored, or the visitor has a new one. */
    this.on = false;
    /** Why a room could not be restored, for a person. */
    this.flaw = "";
    /** That nothing is saved has been said. */
    this.told = false;
    /** A room is kept that could not be restored now. */
    this.waits = false;
    desk.addEventListener("told", () => {
      this.dirty = true;
    });
    setInterval(() => this.keep(), EVERY);
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
  }

  /**
   * Only one tab keeps the room: two would write over each other's reels. False when another tab has it.
   * @returns {Promise<boolean>}
   */
  claim() {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((done, failed) => {
      navigator.locks.request(`emu704 room ${this.desk.machine.name}`, { ifAvailable: true }, (lock) => {
        done(lock !== null);
        // it is held until the tab is closed
        return lock && new Promise(() => {});
      }).catch(failed);
    });
  }

  /** Saves the room, and what was written on its reels, all or nothing. */
  async keep() {
    if (!this.dirty || this.busy || !this.on || this.desk.machine.engine.dead) return;
    this.busy = true;
    this.dirty = false;
    const { machine, shelf, printer } = this.desk;
    try {
      /** @type {{ snapshot: string, files: { name: string, bytes: Uint8Array }[] }} */
      const { snapshot, files } = await machine.call("keep");
      for (const { name, bytes } of files) {
        const old = shelf.items.get(name);
        this.unsaved.set(name, { name, bytes, title: old?.title, place: old?.place ?? "tape", kind: old?.kind ?? "a reel", own: true });
      }
      await shelf.put([...this.unsaved.values()], { name: machine.name, snapshot, paper: printer.text.slice(-1e6), at: Date.now() });
      this.unsaved.clear();
      this.told = false;
    } catch (error) {
      this.dirty = true;
      const why = error instanceof Error ? error.message : String(error);
      if (!this.told) this.desk.say(`The room is not saved: ${why}. Save your reels as files before you leave.`);
      this.told = true;
    }
    this.busy = false;
  }

  /**
   * The room as it was left; false when there is none, or it cannot be restored. Nothing of it is lost then. From here on the room
   * is saved, if it is this tab's.
   */
  async begin() {
    if (!this.desk.shelf.database) {
      this.flaw = "This browser keeps nothing for this page: your room and your files last as long as the page is open.";
      return false;
    }
    if (!(await this.claim())) {
      this.flaw = "Your room is open in another tab, which keeps it. This tab keeps only the files that you drop here.";
      return false;
    }
    try {
      return await this.restore();
    } finally {
      this.on = !this.waits;
    }
  }

  async restore() {
    const { machine, shelf, printer, say } = this.desk;
    const kept = await shelf.room(machine.name);
    if (!kept) return false;
    const why = (/** @type {unknown} */ error) => (error instanceof Error ? error.message : String(error));
    try {
      await machine.call("rest");
    } catch (error) {
      // the room is not at fault: it waits for the next visit
      this.waits = true;
      this.flaw = `Your room cannot be restored now, and stays as it was; this tab keeps nothing. ${why(error)}`;
      return false;
    }
    try {
      const said = JSON.parse(await machine.call("restore", kept.snapshot));
      printer.clear();
      printer.add(kept.paper);
      say(["The room is as you left it; the machine is stopped", ...said].map((one) => one.replace(/\.?$/, ".")).join(" "));
      return true;
    } catch (error) {
      const name = shelf.free("old-room.json");
      await shelf.put([{ name, bytes: new TextEncoder().encode(kept.snapshot), title: "a room that could not be restored", place: "snapshot", own: true }]);
      this.flaw = `Your room cannot be restored: it is on the shelf as ${name}. ${why(error)}`;
      return false;
    }
  }
}
