// @ts-check
/** The beginning of the page: the console, and its first lamp. Everything else comes after that, with house.js. */
import { Front } from "./front.js";
import { Machine } from "./machine.js";
import { paints } from "./paints.js";
import { start } from "./start.js";

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
  const { engine, ready } = start();
  const machine = new Machine(engine, "A");
  // the worker keeps what it is asked until the program is there
  const open = engine.open("A", "8k", machine);
  const front = new Front(machine, say);
  document.body.append(paints());
  part("room").replaceChildren(front.root);
  const lit = front.panel.first().then(() => performance.mark("first lamp"));
  await ready;
  await open;
  await lit;
  const { furnish } = await import("./house.js");
  await furnish({ engine, machine, front, part, say });
}

begin().catch((error) => say(`The machine cannot start: ${error.message}`));
