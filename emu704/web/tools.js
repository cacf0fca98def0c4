// @ts-check
/** The tools beside the machine: workbench, lessons, core, monitor. Each is loaded when it is first opened. */
import { button, html } from "./svg.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {{ name: string, section: HTMLElement, switch: HTMLButtonElement, inside: Promise<any> | null, load: () => Promise<any> }} Tool */

/** The tools of a desk. */
export class Tools {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = html("div", { class: "tools" });
    this.bar = html("div", { class: "tool-bar acts", role: "group", "aria-label": "Tools" });
    /** @type {Map<string, Tool>} */
    this.tools = new Map();
    this.add("bench", "Workbench", async (into) => {
      const { Bench } = await import("./bench.js");
      const bench = new Bench(desk);
      into.append(bench.root);
      await bench.begin(this.first?.source, this.first?.free);
      if (this.first?.name) bench.name = this.first.name;
      return bench;
    });
    this.add("lessons", "Lessons", async (into) => {
      const { Lessons } = await import("./lessons.js");
      const lessons = new Lessons(() => this.open("bench"), desk);
      into.append(lessons.root);
      await lessons.begin(this.lesson);
      this.lessons = lessons;
      return lessons;
    });
    this.add("core", "Core", async (into) => {
      const { CoreView } = await import("./coreview.js");
      const core = new CoreView(desk);
      into.append(core.root);
      return core;
    });
    this.add("monitor", "Monitor", async (into) => {
      const { MonitorPane } = await import("./monitorpane.js");
      const monitor = new MonitorPane(desk);
      into.append(monitor.root);
      return monitor;
    });
    /** The lessons, once they are open. @type {import("./lessons.js").Lessons | null} */
    this.lessons = null;
    /** What the editor has at first, from a link. @type {{ source: string, free: boolean, name?: string } | undefined} */
    this.first = undefined;
    /** The lesson that is open at first. @type {number | undefined} */
    this.lesson = undefined;
  }

  /** @param {string} id @param {string} name @param {(into: HTMLElement) => Promise<any>} load */
  add(id, name, load) {
    const section = html("section", { id: `tool-${id}`, class: "tool", "aria-label": name, hidden: true }, [html("h2", {}, [name])]);
    const turn = button(name, () => (section.hidden ? this.open(id, true) : this.close(id)));
    turn.setAttribute("aria-expanded", "false");
    turn.setAttribute("aria-controls", section.id);
    this.bar.append(turn);
    this.root.append(section);
    this.tools.set(id, { name, section, switch: turn, inside: null, load: () => load(section) });
  }

  /** Opens a tool, and loads it first. @param {string} id @param {boolean} [shown] it is brought into view @returns {Promise<any>} */
  async open(id, shown = false) {
    const tool = this.tools.get(id);
    if (!tool) throw new Error(`there is no tool ${id}`);
    tool.section.hidden = false;
    tool.switch.setAttribute("aria-expanded", "true");
    this.root.classList.add("open");
    // most of them speak to the whole program
    tool.inside ??= this.desk.machine.call("rest").then(() => tool.load()).catch((error) => {
      tool.inside = null;
      this.desk.say(`${tool.name} cannot be opened: ${error.message}`);
      throw error;
    });
    const inside = await tool.inside;
    if (shown) tool.section.scrollIntoView({ block: "nearest" });
    return inside;
  }

  /** @param {string} id */
  close(id) {
    const tool = this.tools.get(id);
    if (!tool) return;
    tool.section.hidden = true;
    tool.switch.setAttribute("aria-expanded", "false");
    this.root.classList.toggle("open", [...this.tools.values()].some(({ section }) => !section.hidden));
  }
}
