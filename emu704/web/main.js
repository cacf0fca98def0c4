// @ts-check
/** The page: what belongs to what. */
import { Panel } from "./panel.js";
import { bytes, given, start } from "./start.js";

/** @param {string} id @returns {HTMLElement} */
function part(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return element;
}

/** @typedef {import("./machine.js").TellDetail} TellDetail */

const status = part("status");
/** What is said once is not said again at once. @param {string} text */
function say(text) {
  if (text && status.textContent !== text) status.textContent = text;
}

async function begin() {
  const [engine, files] = await Promise.all([start(), given()]);
  const machine = await engine.open("A", "8k");
  const panel = new Panel(machine, say);
  part("console").replaceChildren(panel.root);
  machine.addEventListener("told", (event) => told(/** @type {CustomEvent<TellDetail>} */ (event).detail));
  machine.addEventListener("failed", (event) => say(/** @type {CustomEvent} */ (event).detail.error));
  for (const file of files) {
    await machine.call("put_file", file.name, file.text === undefined ? bytes(file.base64 ?? "") : new TextEncoder().encode(file.text));
  }
  for (const input of document.querySelectorAll('input[name="speed"]')) {
    input.addEventListener("change", () => machine.call("speed", /** @type {HTMLInputElement} */ (input).value));
  }
  part("halt").addEventListener("click", () => machine.call(machine.told?.going ? "halt" : "go"));
  await machine.call("set_up", "heat.sap", true);
  // for tests, and for whoever opens the browser's own console
  Object.assign(globalThis, { emu704: { engine, machine, panel, ready: true } });
}

/** Shows what can be read. @param {TellDetail} detail */
function told({ told, paper, happened, ratio }) {
  const { readings } = told;
  part("accumulator").textContent = readings.accumulator;
  part("mq").textContent = readings.mq;
  part("storage").textContent = readings.storage;
  part("counter").textContent = readings.counter;
  part("instruction").textContent = readings.instruction;
  part("index").textContent = readings.index.join(" ");
  part("ratio").textContent = told.going ? `${ratio.toFixed(ratio < 10 ? 2 : 0)} × a real 704` : "stands";
  part("halt").textContent = told.going ? "hold the clock" : "let it go";
  if (paper) part("paper").append(paper);
  for (const line of happened) say(line);
  if (!told.going) say(told.state);
}

begin().catch((error) => say(`The machine cannot start: ${error.message}`));
