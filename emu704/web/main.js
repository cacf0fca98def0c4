// @ts-check
/** The page: what belongs to what. */
import { Desk } from "./desk.js";
import { Guest } from "./guest.js";
import * as links from "./links.js";
import { Help } from "./help.js";
import { Keeper } from "./keep.js";
import { Shelf } from "./shelf.js";
import { offer } from "./recipes.js";
import { paints } from "./paints.js";
import { shelves } from "./shelves.js";
import { Story } from "./story.js";
import { strokes } from "./strokes.js";
import { FIRST, bytes, first, given, start } from "./start.js";
import { sure } from "./sure.js";
import { html } from "./svg.js";
import { Tools } from "./tools.js";

/** @param {string} id @returns {HTMLElement} */
function part(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return element;
}

const status = part("status");

/** What is said once is not said again at once. @param {string} text */
function say(text) {
  if (text && status.textContent !== text) status.textContent = text;
}

async function begin() {
  document.body.append(paints());
  const shelf = await Shelf.begin();
  const [engine, heat] = await Promise.all([start(), first()]);
  const machine = await engine.open("A", "8k");
  const desk = new Desk(machine, shelf, { units: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], say });
  const tools = new Tools(desk);
  const help = new Help(desk.panel);
  const sheet = sure();
  const guest = new Guest(desk, tools, say);
  tools.bar.append(help.switch, sheet.open);
  part("tools").append(tools.bar);
  document.body.append(sheet.dialog, help.card);
  part("room").replaceChildren(
    guest.root, desk.console, tools.root,
    html("div", { class: "room" }, [desk.printer.root, desk.units.root]),
    html("div", { class: "machines" }, [desk.cards.root, desk.crt.root, desk.drums.root]), shelves(desk),
  );
  const own = [...shelf.items.values()];
  for (const item of own) await machine.call("put_file", item.name, item.bytes);
  const keeper = new Keeper(desk);
  desk.panel.addEventListener("picture", () => performance.mark("first lamp"), { once: true });
  guest.keeper = keeper;
  if (await guest.reads(location.hash)) {
    // what a link brings is shown before an empty machine, and the visitor's own room stays as it was left
    keeper.on = false;
    say("The machine waits: a link has brought something.");
  } else if (!(await keeper.restore())) {
    await machine.call("load_image", FIRST, heat);
    await desk.mountBlank(1);
    await machine.call("go");
    say("A plate warms from one edge: 1,000 sweeps, about four minutes at the speed of 1955.");
  }
  // the first lamps burn: the rest can come
  const files = await given();
  shelf.give(files.map(({ name, title, place, text, base64 }) => ({
    name, title, place, bytes: text === undefined ? bytes(base64 ?? "") : new TextEncoder().encode(text), own: false,
  })));
  offer(shelf);
  for (const item of shelf.items.values()) if (!item.own && !item.unmade) await machine.call("put_file", item.name, item.bytes);
  shelf.dispatchEvent(new Event("changed"));
  const story = new Story(engine, { source: await text(shelf, FIRST), image: heat }, part("story"));
  views(desk, story);
  strokes(desk, part("room"), JSON.parse(await machine.call("parts")));
  guests(guest);
  // for tests, and for a person who opens the browser's own console
  Object.assign(globalThis, { emu704: { engine, machine, desk, panel: desk.panel, shelf, keeper, story, tools, guest, links, ready: true } });
}

/** What a link brings, now and when another is followed. @param {Guest} guest */
function guests(guest) {
  const show = () => guest.show().catch((error) => say(error.message));
  addEventListener("hashchange", async () => {
    await guest.reads(location.hash);
    show();
  });
  show();
}

/** A program of the shelf. @param {Shelf} shelf @param {string} name */
async function text(shelf, name) {
  return new TextDecoder().decode(shelf.items.get(name)?.bytes);
}

/** What follows the `#` of the address says which part of the page is seen. @param {Desk} desk @param {Story} story */
function views(desk, story) {
  const turn = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const tells = wanted.has("story") || wanted.has("attract");
    part("room").hidden = tells;
    part("story").hidden = !tells;
    for (const link of document.querySelectorAll("nav a")) {
      const is = (link.getAttribute("href") === "#story") === tells;
      if (is) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    story.leave();
    if (tells) {
      desk.machine.call("halt");
      story.begin(wanted.has("attract") ? "attract" : "guided").catch((error) => say(error.message));
    }
  };
  addEventListener("hashchange", turn);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (story.touched = Date.now()));
  turn();
}

begin().catch((error) => say(`The machine cannot start: ${error.message}`));
