// @ts-check
/** A program that a link has brought: it is shown, and runs in a room of its own when the visitor says so. */
import { linkOf, read } from "./links.js";
import { button, html } from "./svg.js";

/** @typedef {import("./links.js").Carried} Carried */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./tools.js").Tools} Tools */

/** @param {number} n @param {string} what */
const many = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

/** What a link brings, in words. @param {Carried} carried */
function told({ source, job, sense, keys, speed }) {
  const parts = [];
  if (source !== undefined) parts.push(`a program of ${many(source.split("\n").filter((line) => line.trim() !== "").length, "card")}`);
  if (sense?.length) parts.push(`sense ${sense.length === 1 ? "switch" : "switches"} ${sense.join(", ")} down`);
  if (keys) parts.push(`entry keys ${keys}`);
  if (speed) parts.push(`speed ${speed}`);
  if (job?.length) parts.push(`${many(job.length, "act")} of an operator`);
  return parts.join(", ");
}

/** The visitor who came by a link. */
export class Guest {
  /** @param {Desk} desk @param {Tools} tools @param {(text: string) => void} say */
  constructor(desk, tools, say) {
    this.desk = desk;
    this.tools = tools;
    this.say = say;
    /** @type {Carried | null} */
    this.carried = null;
    /** Why nothing was taken from the link, for a person. */
    this.flaw = "";
    this.root = html("section", { class: "guest", "aria-label": "What the link brings", hidden: true });
    /** Saves the visitor's own room, and must not save this one over it. @type {import("./keep.js").Keeper | null} */
    this.keeper = null;
  }

  /** Reads the address. True when it brings something that needs a room of its own. @param {string} hash */
  async reads(hash) {
    this.flaw = "";
    try {
      this.carried = await read(hash);
    } catch (error) {
      this.carried = null;
      const why = error instanceof Error ? error.message : String(error);
      this.flaw = `${why[0].toUpperCase()}${why.slice(1)}. Nothing of it was taken.`;
      this.say(this.flaw);
    }
    return this.brings;
  }

  get brings() {
    const { source, job, sense, keys } = this.carried ?? {};
    return source !== undefined || Boolean(job?.length || sense?.length || keys);
  }

  /** Shows what it brings. Nothing runs, and nothing of the machine changes. */
  async show() {
    const { carried } = this;
    document.body.classList.toggle("embed", carried?.embed === true);
    this.root.hidden = !this.brings;
    if (!carried) return;
    if (carried.lesson !== undefined) {
      this.tools.lesson = carried.lesson;
      const lessons = await this.tools.open("lessons");
      lessons.show(carried.lesson);
      if (!lessons.has(carried.lesson)) this.say(`There is no lesson ${carried.lesson}.`);
    }
    if (this.brings) this.offer(carried);
    else if (carried.speed) await this.desk.speed(carried.speed);
    if (carried.source !== undefined) await this.write(carried.source, carried);
  }

  /** @param {Carried} carried */
  async offer(carried) {
    const own = html("a", { href: await linkOf({ ...carried, embed: false }), target: "_blank", rel: "noopener" }, ["open it in a tab of its own"]);
    this.root.replaceChildren(
      html("p", {}, [`This link brings ${told(carried)}. Nothing of it runs by itself. It runs in a room of its own: what you had here stays as you left it.`]),
      html("p", { class: "acts" }, [
        button("load it and run it", () => this.run(carried, true)), button("load it", () => this.run(carried, false)),
        button("leave it", () => {
          this.root.hidden = true;
        }), ...(carried.embed ? [own] : []),
      ]),
    );
  }

  /** Its cards into the editor. @param {string} source @param {Carried} carried */
  async write(source, { free = false, name }) {
    this.tools.first = { source, free, name };
    const bench = await this.tools.open("bench");
    await bench.set(`${name ?? "mine"}${free ? ".sapf" : ".sap"}`, source);
    return bench;
  }

  /** The visitor has said so. @param {Carried} carried @param {boolean} starts */
  async run(carried, starts) {
    const { desk } = this;
    const { machine } = desk;
    await machine.call("halt");
    if (this.keeper) {
      // what is here is kept as it is now, and nothing that comes
      await this.keeper.keep();
      this.keeper.on = false;
    }
    await machine.call("open", "8k");
    for (const item of desk.shelf.items.values()) if (!item.own && !item.unmade) await machine.call("put_file", item.name, item.bytes);
    desk.printer.clear();
    if (carried.speed) await desk.speed(carried.speed);
    if (carried.source !== undefined) {
      const bench = await this.write(carried.source, carried);
      if (!(await bench.load())) return;
    }
    for (const n of carried.sense ?? []) await desk.act(`sense ${n} down`);
    if (carried.keys) await desk.act(`keys ${carried.keys}`);
    for (const act of carried.job ?? []) await this.act(act);
    if (starts && carried.source !== undefined) await desk.does(machine.call("go"));
    this.root.hidden = true;
  }

  /** @param {string} act one of those that links may have */
  async act(act) {
    const blank = /^blank (\d+)$/.exec(act);
    if (blank) await this.desk.mountBlank(Number(blank[1]));
    else if (act.startsWith("at ")) {
      const { error } = await this.desk.command(act);
      if (error) this.say(error);
    } else await this.desk.act(act);
  }
}
