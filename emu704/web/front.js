// @ts-check
/** The console of a machine before there is anything around it: this is the first thing that a visitor sees. */
import { Panel } from "./panel.js";
import { html } from "./svg.js";

/** The panel behind its glass, in the section where a desk puts the rest of the console. */
export class Front {
  /** @param {import("./machine.js").Machine} machine @param {(text: string) => void} say @param {string} [of] whose it is */
  constructor(machine, say, of = "") {
    this.panel = new Panel(machine, say);
    this.glass = html("div", { class: "glass" }, [this.panel.root]);
    this.root = html("section", { class: "console", "aria-label": `Operator's panel${of}` }, [this.glass]);
  }
}
