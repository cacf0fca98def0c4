// @ts-check
/** The story of the checkpoint in two panes: guided, free, or by itself for an exhibition. */
import { pane } from "./pane.js";
import { SCENES, WHOLE } from "./scenes.js";
import { button, html } from "./svg.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./machine.js").Engine} Engine */
/** @typedef {import("./picture.js").Picture} Picture */

/** How often the page looks whether a scene is over, in milliseconds. */
const LOOK = 200;
/** How long the last scene is shown, and how long an exhibition waits for a visitor who has gone, in milliseconds. */
const END = 15000;
export const GONE = 120000;
/** The reel that is carried. */
const REEL = "checkpoint.tap";
/** A machine that has just been powered on holds what this number makes of it. */
const SEED = 704;

/** A machine of the story with what is known of it. */
class Pane {
  /** @param {Desk} desk @param {"A" | "B"} name */
  constructor(desk, name) {
    this.desk = desk;
    this.name = name;
    /** @type {Picture | null} */
    this.picture = null;
    this.reel = 0;
    /** A program stop, not a failure. */
    this.stopped = false;
    desk.panel.addEventListener("picture", (event) => {
      this.picture = /** @type {CustomEvent} */ (event).detail;
    });
    desk.addEventListener("told", (event) => {
      const { told } = /** @type {CustomEvent} */ (event).detail;
      this.stopped = !told.going && !told.failure && /HTR/.test(told.state);
    });
  }

  get cycles() {
    return this.picture?.cycles ?? 0;
  }

  get paper() {
    return this.desk.printer.text;
  }

  /** Its tape stands at the load point. */
  get rests() {
    const tape = this.picture?.tapes[0];
    return tape !== undefined && tape.motion === "still" && !tape.selected && tape.feet === 0;
  }
}

/** The lines of a paper that the job has printed: what the routine prints begins with its name. @param {string} paper */
export const answer = (paper) => paper.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "" && !line.startsWith("CHKPNT"));

/** The story. */
export class Story {
  /** @param {Engine} engine @param {{ source: string, image: string }} job its cards, and its core image @param {HTMLElement} place */
  constructor(engine, job, place) {
    this.engine = engine;
    this.job = job;
    this.place = place;
    this.scene = -1;
    this.shown = 0;
    this.mode = "guided";
    /** How the job is carried. @type {"reel" | "cable"} */
    this.way = "reel";
    /** Which beginning this is: one that has been overtaken by another ends. */
    this.run = 0;
    this.carried = this.cabled = this.cleared = false;
    this.loadedAt = Infinity;
    /** What the job prints when it runs undisturbed. @type {string[]} */
    this.undisturbed = [];
    this.over = false;
    this.touched = Date.now();
    /** The machines, once the story has begun. @type {Map<string, Pane & { root: HTMLElement }>} */
    this.machines = new Map();
    this.looks = this.acted = false;
    this.caption = html("div", { class: "caption", role: "status" });
    this.timer = 0;
  }

  /** Machine A. */
  get a() {
    return this.of("A");
  }

  /** Machine B. */
  get b() {
    return this.of("B");
  }

  /** @param {"A" | "B"} name */
  of(name) {
    const pane = this.machines.get(name);
    if (!pane) throw new Error(`there is no machine ${name} yet`);
    return pane;
  }

  /**
   * Two machines, and a hidden third one that runs the job undisturbed.
   * @param {"guided" | "free" | "attract"} mode @param {"reel" | "cable"} [way]
   */
  async begin(mode, way = "reel") {
    this.leave();
    const { run } = this;
    const put = async (/** @type {string} */ name) => {
      const machine = await this.engine.open(`story-${name}`, "8k");
      await machine.call("put_file", "heat.sap", new TextEncoder().encode(this.job.source));
      return machine;
    };
    const [a, b, c] = [await put("A"), await put("B"), await put("C")];
    const answers = await undisturbed(c, this.job.image);
    if (run !== this.run) return;
    this.mode = mode;
    this.way = way;
    this.scene = -1;
    this.carried = this.cabled = this.cleared = this.over = false;
    this.loadedAt = Infinity;
    this.undisturbed = answers;
    for (const { desk } of this.machines.values()) desk.panel.close();
    this.machines.set("A", this.pane(a, "A"));
    this.machines.set("B", this.pane(b, "B"));
    await a.call("load_image", "heat.sap", this.job.image);
    if (way === "reel") await a.act(`mount 1 ${REEL} ring`);
    await b.act(`power on ${SEED}`);
    this.watch();
    if (run !== this.run) return;
    this.draw();
    await this.next();
    if (run === this.run) this.timer = window.setInterval(() => this.look(), LOOK);
  }

  /** @param {import("./machine.js").Machine} machine @param {"A" | "B"} name */
  pane(machine, name) {
    const ways = [];
    if (this.way === "reel") ways.push(button("carry the reel from A to B", () => this.carry()));
    if (this.way === "cable" || this.mode === "free") ways.push(button("lay a cable: tape unit 1 of A to tape unit 1 of B", () => this.cable()));
    for (const way of ways) way.dataset.part = /carry/.test(way.textContent ?? "") ? "carry" : "cable";
    const { desk, root } = pane(machine, name, name === "B" ? [html("p", { class: "acts" }, ways)] : []);
    return Object.assign(new Pane(desk, name), { root });
  }

  draw() {
    const acts = html("p", { class: "acts story-acts" }, [
      button("from the beginning", () => this.begin("guided", this.way)),
      this.way === "reel" ? button("with a cable", () => this.begin("guided", "cable"), "the story with a cable between the machines, in place of the reel")
        : button("with a reel", () => this.begin("guided", "reel"), "the story with a reel that is carried"),
      button("without a guide", () => this.begin("free")), button("by itself", () => this.begin("attract")),
    ]);
    const panes = html("div", { class: "panes" }, [this.a.root, this.b.root]);
    this.place.replaceChildren(this.caption, acts, panes);
    if (this.mode !== "attract") return;
    // in an exhibition a visitor who touches the machines takes over the story
    panes.inert = true;
    const take = button("take it over", () => this.begin("guided", this.way));
    acts.prepend(take);
    this.place.append(html("p", { class: "soft" }, ["The story goes on by itself. Press “take it over” to work the machines with your own hands."]));
  }

  /** Whether this scene is over, and what comes of it. */
  async look() {
    if (this.looks) return;
    this.looks = true;
    const { run } = this;
    try {
      for (const pane of [this.a, this.b]) {
        const bytes = pane.picture?.tapes[0].reel ? await pane.desk.machine.call("reel", 1) : null;
        pane.reel = bytes?.length ?? 0;
      }
      if (run === this.run) await this.goesOn();
    } finally {
      this.looks = false;
    }
  }

  async goesOn() {
    const long = Date.now() - this.shown;
    if (this.mode !== "attract") {
      // an exhibition does not wait for a visitor who has gone
      const exhibits = new URLSearchParams(location.hash.slice(1)).has("attract");
      if (exhibits && Date.now() - this.touched > GONE) return this.begin("attract", this.way);
    } else if (this.over && long > END) return this.begin("attract", this.way === "reel" ? "cable" : "reel");
    if (this.mode === "free" || this.over) return;
    if (this.lost) return this.loses();
    const scene = SCENES[this.way][this.scene];
    if (this.mode === "attract" && long > 1500 && !this.acted) {
      this.acted = true;
      await scene.act(this);
    }
    if (scene.done(this) && (this.mode !== "attract" || long > scene.seconds * 1000)) await this.next();
  }

  /** Machine A has no power, and the job is nowhere else: not on the reel, and not in machine B. */
  get lost() {
    const { a, b } = this;
    if (a.picture?.power !== false || this.scene >= SCENES[this.way].findIndex(({ title }) => title === "The power fails")) return false;
    if (this.way === "reel") return !this.carried && a.reel < WHOLE;
    return !(b.picture?.going && !b.picture.tapes[0].selected && b.cycles > this.loadedAt + 400_000);
  }

  /** The story ends here, and says so. */
  loses() {
    this.ends();
    this.caption.replaceChildren(
      html("h2", {}, ["The job is lost"]),
      html("p", { class: "differs" }, ["Machine A has lost its power before its work was saved: no whole checkpoint is anywhere. In 1955 the job then began again, from its first instruction. Press “from the beginning” to try again."]),
    );
  }

  /** Nothing is asked of the visitor any more. */
  ends() {
    this.over = true;
    this.shown = Date.now();
    for (const hinted of this.place.querySelectorAll(".hint")) hinted.classList.remove("hint");
  }

  /** The next scene begins. */
  async next() {
    this.scene++;
    this.shown = Date.now();
    this.acted = false;
    for (const hinted of this.place.querySelectorAll(".hint")) hinted.classList.remove("hint");
    if (this.mode === "free") {
      this.caption.replaceChildren(html("h2", {}, ["Two machines"]), html("p", {}, ["Machine A has a job in core and a blank reel on tape unit 1. Sense switch 1 down makes a checkpoint. What becomes of it is for you to say."]));
      return;
    }
    const scene = SCENES[this.way][this.scene];
    if (!scene) return this.end();
    this.caption.replaceChildren(html("h2", {}, [`${this.scene + 1}. ${scene.title}`]), html("p", {}, [scene.text]));
    if (scene.hint) this.hinted(scene.hint)?.classList.add("hint");
    await scene.begins?.(this);
  }

  /** An act of machine B is noticed when it had its effect, also before its scene: nobody has to press CLEAR twice. */
  watch() {
    const { machine } = this.b.desk;
    const act = machine.act.bind(machine);
    machine.act = async (words) => {
      const said = await act(words);
      if (said === "" && words === "clear") this.cleared = true;
      // core holds whatever it holds again
      if (said === "" && words.startsWith("power")) this.cleared = false;
      return said;
    };
  }

  /** @param {{ pane: "A" | "B", part: string }} hint @returns {Element | null | undefined} */
  hinted({ pane, part }) {
    const root = this.of(pane).root;
    return root.querySelector(`[data-part="${part}"]`) ?? root.querySelector(`input[value="${part}"]`)?.parentElement;
  }

  /** The reel of A is taken to B. */
  async carry() {
    const { a, b } = this;
    if (!a.picture?.tapes[0].reel) return b.desk.say("There is no reel on machine A.");
    if (a.picture.tapes[0].motion !== "still") return b.desk.say("The tape of machine A is moving.");
    const bytes = await a.desk.machine.call("reel", 1);
    await a.desk.act("detach 1");
    await b.desk.machine.call("put_file", REEL, bytes);
    if (b.picture?.tapes[0].reel) await b.desk.act("detach 1");
    this.carried = await b.desk.act(`mount 1 ${REEL}`);
  }

  /** A cable in the place of a reel: machine B loads from it what machine A writes. */
  async cable() {
    const { a, b } = this;
    if ([a, b].some((pane) => pane.picture?.tapes[0].selected)) return b.desk.say("A tape unit 1 is in use: the cable cannot be laid now.");
    await a.desk.does(a.desk.machine.call("cable", 1, "story-B", 1).then(() => (this.cabled = true)));
    if (this.cabled) b.desk.say("The cable is laid: CLEAR and LOAD TAPE here, then sense switch 1 of machine A.");
  }

  /** Compares the answer, and says the result, whatever it is. */
  end() {
    this.ends();
    const paper = answer(this.b.paper);
    const same = this.undisturbed.length > 0 && this.undisturbed.every((line) => paper.includes(line));
    this.caption.replaceChildren(
      html("h2", {}, ["The answer"]),
      html("p", { class: same ? "same" : "differs" }, [same
        ? "The answer is on the paper of machine B. It was compared with that of a third machine, which ran undisturbed: every digit is the same. The machine was lost; the job was not."
        : "IT DIFFERS from what a third machine has printed, which ran undisturbed."]),
      html("pre", {}, [this.undisturbed.join("\n")]),
    );
  }

  /** The machines are stopped, and the page looks at nothing any more. */
  leave() {
    this.run++;
    clearInterval(this.timer);
    for (const pane of this.machines.values()) pane.desk.machine.call("halt").catch(() => {});
  }
}

/** What the job prints on an undisturbed machine. @param {import("./machine.js").Machine} machine @param {string} image */
async function undisturbed(machine, image) {
  let paper = "";
  const hear = (/** @type {Event} */ event) => (paper += /** @type {CustomEvent} */ (event).detail.paper);
  machine.addEventListener("told", hear);
  await machine.call("load_image", "heat.sap", image);
  await machine.call("go");
  await machine.call("run_to_stop", 1e9);
  machine.removeEventListener("told", hear);
  return answer(paper);
}
