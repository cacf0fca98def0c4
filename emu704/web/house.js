// @ts-check
/** The page: what belongs to what. It is loaded when the console shows its first lamp. */
import { Desk } from "./desk.js";
import { Guest } from "./guest.js";
import * as links from "./links.js";
import { Help } from "./help.js";
import { Keeper } from "./keep.js";
import { Shelf } from "./shelf.js";
import { offer } from "./recipes.js";
import { printing } from "./printer.js";
import { shelves } from "./shelves.js";
import { GONE, Story } from "./story.js";
import { strokes } from "./strokes.js";
import { bytes, given } from "./start.js";
import { sure } from "./sure.js";
import { html } from "./svg.js";
import { Tools } from "./tools.js";

/** The first program, and its core image, which tools/join.mjs puts here: it runs before the shelf and the assembler are there. */
const FIRST = "heat.sap";
/** @type {string} */
const IMAGE = /** @type {any} */ (globalThis).EMU704_FIRST;

/**
 * What main.js has begun with.
 * @typedef {object} Begun
 * @property {import("./machine.js").Engine} engine
 * @property {import("./machine.js").Machine} machine
 * @property {import("./front.js").Front} front
 * @property {(id: string) => HTMLElement} part
 * @property {(text: string) => void} say
 */

/** Puts everything around the console. @param {Begun} begun */
export async function furnish({ engine, machine, front, part, say }) {
  const shelf = new Shelf();
  const kept = shelf.open();
  const desk = new Desk(machine, shelf, { units: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], say, front });
  const tools = new Tools(desk);
  const help = new Help(desk.panel);
  const sheet = sure();
  const guest = new Guest(desk, tools, say);
  tools.bar.append(help.switch, sheet.open);
  part("tools").append(tools.bar);
  document.body.append(sheet.dialog, help.card);
  part("room").prepend(guest.root);
  part("room").append(
    tools.root, html("div", { class: "room" }, [desk.printer.root, desk.units.root]),
    html("div", { class: "machines" }, [desk.cards.root, desk.crt.root, desk.drums.root]), shelves(desk),
  );
  astray(say);
  printing();
  await kept;
  const own = [...shelf.items.values()];
  for (const item of own) await machine.call("put_file", item.name, item.bytes);
  const keeper = new Keeper(desk);
  guest.keeper = keeper;
  if (await guest.reads(location.hash)) {
    // what a link brings is shown before an empty machine, and the visitor's own room stays as it was left
    say("The machine waits: a link has brought something.");
  } else if (await keeper.begin()) {
    if (guest.flaw) say(guest.flaw);
  } else {
    await machine.call("load_image", FIRST, IMAGE);
    await desk.mountBlank(1);
    await machine.call("go");
    performance.mark("first program");
    say(guest.flaw || keeper.flaw || "A plate warms from one edge: 1,000 sweeps, about four minutes at the speed of 1955.");
  }
  const files = await given();
  shelf.give(files.map(({ name, title, place, text, base64 }) => ({
    name, title, place, bytes: text === undefined ? bytes(base64 ?? "") : new TextEncoder().encode(text), own: false,
  })));
  offer(shelf);
  for (const item of shelf.items.values()) if (!item.own && !item.unmade) await machine.call("put_file", item.name, item.bytes);
  shelf.dispatchEvent(new Event("changed"));
  const story = new Story(engine, { source: await text(shelf, FIRST), image: IMAGE }, part("story"));
  views(desk, story, await attached(part, say), part, say);
  strokes(desk, part("room"), JSON.parse(await machine.call("parts")));
  guests(guest, say);
  // for tests, and for anybody who opens the browser's console
  Object.assign(globalThis, { emu704: { engine, machine, desk, panel: desk.panel, shelf, keeper, story, tools, guest, links, ready: true } });
}

/** A page that was opened as an exhibition is one again when the visitor has gone, wherever that was. @param {Story} story */
function exhibits(story) {
  setInterval(() => {
    if (Date.now() - story.touched < GONE) return;
    if (story.engine.dead) location.reload();
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    if (!new URLSearchParams(location.hash.slice(1)).has("attract")) location.hash = "#attract";
  }, 2000);
}

/** A file that misses its place must not take the page away. @param {Begun["say"]} say */
function astray(say) {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    say("Drop it on the unit that it belongs to, or on the shelf.");
  });
}

/** What a link brings, now and when another is followed. @param {Guest} guest @param {Begun["say"]} say */
function guests(guest, say) {
  const show = () => guest.show().catch((error) => say(error.message));
  addEventListener("hashchange", async () => {
    await guest.reads(location.hash);
    show();
  });
  show();
}

/** The view of a panel elsewhere, where `emu704 web --attach` has marked the page. @param {Begun["part"]} part @param {Begun["say"]} say */
async function attached(part, say) {
  if (document.documentElement.dataset.attach === undefined) return null;
  const { Attach } = await import("./attach.js");
  const link = html("a", { href: "#attach" }, ["A panel elsewhere"]);
  document.querySelector("nav")?.append(" ", link);
  return new Attach(part("attach"), say);
}

/** A program of the shelf. @param {Shelf} shelf @param {string} name */
async function text(shelf, name) {
  return new TextDecoder().decode(shelf.items.get(name)?.bytes);
}

/**
 * The part of the address after `#` says which part of the page is shown.
 * @param {Desk} desk @param {Story} story @param {import("./attach.js").Attach | null} remote @param {Begun["part"]} part @param {Begun["say"]} say
 */
function views(desk, story, remote, part, say) {
  const turn = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const tells = wanted.has("story") || wanted.has("attract");
    const attaches = remote !== null && wanted.has("attach");
    const shown = attaches ? "attach" : tells ? "story" : "room";
    for (const view of ["room", "story", "attach"]) part(view).hidden = view !== shown;
    for (const link of document.querySelectorAll("nav a")) {
      const is = link.getAttribute("href") === (shown === "room" ? "#" : `#${shown}`);
      if (is) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    story.leave();
    if (attaches) remote?.begin(wanted.get("attach") ?? "");
    if (tells && !attaches) {
      desk.machine.call("halt");
      story.begin(wanted.has("attract") ? "attract" : "guided", wanted.get("story") === "cable" ? "cable" : "reel").catch((error) => say(error.message));
    }
  };
  addEventListener("hashchange", turn);
  for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, () => (story.touched = Date.now()), { passive: true });
  if (new URLSearchParams(location.hash.slice(1)).has("attract")) exhibits(story);
  turn();
}
