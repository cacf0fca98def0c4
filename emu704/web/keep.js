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
    this.on = true;
    desk.addEventListener("told", () => {
      this.dirty = true;
    });
    setInterval(() => this.keep(), EVERY);
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
  }

  /** Saves the room, and what was written on its reels, all or nothing. */
  async keep() {
    if (!this.dirty || this.busy || !this.on) return;
    this.busy = true;
    this.dirty = false;
    const { machine, shelf, printer } = this.desk;
    try {
      /** @type {{ snapshot: string, files: { name: string, bytes: Uint8Array }[] }} */
      const { snapshot, files } = await machine.call("keep");
      const items = files.map(({ name, bytes }) => {
        const old = shelf.items.get(name);
        return { name, bytes, title: old?.title, place: old?.place ?? "tape", kind: old?.kind ?? "a reel", own: true };
      });
      await shelf.put(items, { name: machine.name, snapshot, paper: printer.text.slice(-1e6), at: Date.now() });
    } catch (error) {
      this.dirty = true;
      console.warn("the room was not kept:", error);
    }
    this.busy = false;
  }

  /** The room as it was left; false when there is none, or it is not readable. */
  async restore() {
    const { machine, shelf, printer, say } = this.desk;
    const kept = await shelf.room(machine.name);
    if (!kept) return false;
    try {
      await machine.call("rest");
      const said = JSON.parse(await machine.call("restore", kept.snapshot));
      printer.clear();
      printer.add(kept.paper);
      say(["The room is as you left it; the machine is stopped.", ...said].join(" "));
      return true;
    } catch (error) {
      say(`The room that was kept cannot be read: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  }
}
