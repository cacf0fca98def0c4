// @ts-check
/** One of two machines side by side: in the story, and in the lesson on wires. */
import { Desk } from "./desk.js";
import { Shelf } from "./shelf.js";
import { html } from "./svg.js";

/**
 * A machine with one tape unit, and what the page shows of it.
 * @param {import("./machine.js").Machine} machine
 * @param {"A" | "B"} name
 * @param {Node[]} [more] what comes below its console, its unit and its printer
 */
export function pane(machine, name, more = []) {
  const said = html("p", { class: "said" });
  const desk = new Desk(machine, new Shelf(), { units: [1], say: (text) => (said.textContent = text), of: ` of machine ${name}` });
  const root = html("section", { class: "pane", "aria-label": `Machine ${name}` }, [
    html("h2", {}, [`Machine ${name}`]), said, desk.console, html("div", { class: "beside" }, [desk.units.root, desk.printer.root]), ...more,
  ]);
  return { desk, root };
}
