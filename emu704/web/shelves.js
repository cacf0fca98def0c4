// @ts-check
/** The shelf as it is seen: what is on it, and what can be done with it. */
import { download } from "./shelf.js";
import { made } from "./recipes.js";
import { html } from "./svg.js";
import { dropping } from "./units.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./shelf.js").Item} Item */

const HEADINGS = /** @type {[string, string][]} */ ([["program", "Programs"], ["cards", "Decks"], ["tape", "Reels"], ["drum", "Drums"], ["snapshot", "Snapshots"]]);

/** Loads a program into core, as the monitor does; the machine waits before its first instruction. @param {Desk} desk @param {string} name */
export async function load(desk, name) {
  const { text, error } = await desk.command(`load ${name}`);
  desk.say(error ?? `${name}: ${text}`);
  return error === undefined;
}

/** The shelf beside a desk. @param {Desk} desk */
export function shelves(desk) {
  const lists = html("div", { class: "lists" });
  const button = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => unknown} */ does) => {
    const node = html("button", { type: "button", "aria-label": `${label}` }, [name]);
    node.addEventListener("click", does);
    return node;
  };
  const row = (/** @type {Item} */ item) => {
    const acts = [button("save", `save ${item.name} as a file`, async () => {
      const whole = await desk.does(made(desk.machine.engine, desk.shelf, item.name));
      if (whole) download(item.name, whole.bytes);
    })];
    if (item.place === "program") {
      acts.unshift(button("run", `run ${item.name}`, async () => (await load(desk, item.name)) && desk.does(desk.machine.call("go"))));
      acts.unshift(button("load", `load ${item.name} into core`, () => load(desk, item.name)));
    }
    if (item.place === "cards") acts.unshift(button("hopper", `put ${item.name} into the hopper`, () => desk.act(`mount cards ${item.name}`)));
    if (item.own) acts.push(button("throw away", `throw away ${item.name}`, () => desk.shelf.remove(item.name)));
    return html("li", {}, [html("span", { class: "item" }, [html("b", {}, [item.name]), ` ${item.title ?? item.kind ?? ""}`]), html("span", { class: "acts" }, acts)]);
  };
  const fill = () => lists.replaceChildren(...HEADINGS.flatMap(([place, heading]) => {
    const items = desk.shelf.of(place);
    return items.length === 0 ? [] : [html("h3", {}, [heading]), html("ul", {}, items.map(row))];
  }));
  const file = /** @type {HTMLInputElement} */ (html("input", { type: "file", multiple: true, "aria-label": "files for the shelf" }));
  file.addEventListener("change", async () => {
    for (const one of file.files ?? []) await desk.recognised(one, "");
  });
  const root = html("section", { class: "shelf", "aria-label": "Shelf" }, [
    html("h2", {}, ["Shelf"]), html("p", {}, ["Drop a reel, a deck or a program here, or on the unit it belongs to. It stays in this browser. ", file]), lists,
  ]);
  dropping(root, (one) => desk.recognised(one, ""));
  desk.shelf.addEventListener("changed", fill);
  fill();
  return root;
}
