// @ts-check
/** Lesson 12 in the page: two machines of their own beside the lesson, and a cable between them. The visitor's own room is not touched. */
import { pane } from "./pane.js";
import { button, html } from "./svg.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./lessons.js").LessonFile} LessonFile */
/** @typedef {"A" | "B"} Name */

/**
 * What the two machines do in a trial: the program that each gets, if any, and what is said to the monitor of machine A before it goes.
 * @typedef {{ title: string, writes: string, reads?: string, lines: string[], told: string }} Trial
 */

/** @type {Trial[]} */
const TRIALS = [
  {
    title: "five words over the wire", writes: "12-send.sap", reads: "12-hear.sap", lines: [],
    told: "12-hear.sap is in machine B, 12-send.sap in machine A. Press START at both, whichever first: the one that is ready waits.",
  },
  {
    title: "a whole machine over the wire", writes: "11-count.sap", lines: ["at 200000 sense 1 down", "at 200100 sense 1 up"],
    told: "11-count.sap is in machine A; machine B is empty. Press START at A, and LOAD TAPE at B: its operator puts sense switch 1 down at cycle 200000.",
  },
];

/** The two machines of a lesson. */
export class Wired {
  /** @param {import("./machine.js").Engine} engine @param {LessonFile[]} files programs of the lessons */
  constructor(engine, files) {
    this.engine = engine;
    this.files = files;
    /** @type {Map<Name, Desk>} */
    this.desks = new Map();
    /** Which trial this is: one that has been overtaken by another ends. */
    this.run = 0;
    this.told = html("p", { role: "status" }, []);
    this.panes = html("div", { class: "panes" });
    this.root = html("section", { class: "wired", "aria-label": "Two machines and a cable" }, [
      html("h3", {}, ["Two machines and a cable"]),
      html("p", {}, ["In the page a cable goes from tape unit 1 of machine A to tape unit 1 of machine B. Choose what is put into the machines:"]),
      html("p", { class: "acts" }, [...TRIALS.map((trial) => button(trial.title, () => this.begin(trial))), button("start both", () => this.start()), button("pull the cable out", () => this.pull())]),
      this.told, this.panes,
    ]);
  }

  /** @param {string} text @returns {false} */
  say(text) {
    this.told.textContent = text;
    return false;
  }

  /** @param {Name} name */
  of(name) {
    const desk = this.desks.get(name);
    if (!desk) throw new Error("there are no machines yet");
    return desk;
  }

  /** New machines with nothing in them, as they come from the shop; false when another trial has begun meanwhile. */
  async fresh() {
    this.close();
    const { run } = this;
    const machines = [await this.engine.open("wire-A", "4k"), await this.engine.open("wire-B", "4k")];
    if (run !== this.run) return false;
    for (const [n, name] of /** @type {Name[]} */ (["A", "B"]).entries()) {
      const { desk, root } = pane(machines[n], name);
      this.desks.set(name, desk);
      this.panes.append(root);
    }
    return true;
  }

  /** Programs into both machines, and the cable between them. Nothing goes yet. @param {Trial} trial */
  async begin(trial) {
    if (!(await this.fresh())) return;
    const { run } = this;
    try {
      await this.put("A", trial.writes);
      if (trial.reads) await this.put("B", trial.reads);
      for (const line of trial.lines) await this.order("A", line);
      await this.of("A").machine.call("cable", 1, "wire-B", 1);
    } catch (error) {
      if (run === this.run) this.say(error instanceof Error ? error.message : String(error));
      return;
    }
    this.loads = trial.reads === undefined;
    if (run === this.run) this.say(trial.told);
  }

  /** @param {Name} name @param {string} file */
  async put(name, file) {
    const found = this.files.find((one) => one.name === file);
    if (!found) throw new Error(`the lessons have no ${file}`);
    await this.of(name).machine.call("put_file", file, new TextEncoder().encode(found.text));
    await this.order(name, `load ${file}`);
  }

  /** @param {Name} name @param {string} line of the monitor */
  async order(name, line) {
    const { error } = await this.of(name).command(line);
    if (error) throw new Error(`machine ${name}: ${line}: ${error}`);
  }

  /** Both machines go, the reading one first. */
  async start() {
    if (this.desks.size === 0) return this.say("Choose first what is put into the machines.");
    await this.of("B").act(this.loads ? "load tape" : "start");
    return this.of("A").act("start");
  }

  /** The cable comes out at machine A. */
  async pull() {
    if (this.desks.size === 0) return this.say("There is no cable yet.");
    await this.of("A").act("detach 1");
    return this.say("The cable is out at machine A. A machine that waits for the other end does not get anything from it any more.");
  }

  /** Nobody looks at the machines any more. */
  close() {
    this.run++;
    for (const { machine, panel } of this.desks.values()) {
      panel.close();
      machine.call("halt").catch(() => {});
    }
    this.desks.clear();
    this.panes.replaceChildren();
  }
}
