// @ts-check
/** Reels that lie on the shelf from the start. Each is made by its program, on a machine that nobody sees, when somebody takes it. */
import { Shelf } from "./shelf.js";

/** @typedef {import("./machine.js").Engine} Engine */

/**
 * @typedef {object} Recipe
 * @property {string} name
 * @property {string} title
 * @property {string} source a program of the shelf
 * @property {[string, string]} [instead] what is changed in it
 * @property {string} core
 * @property {number[]} rings units with blank reels
 * @property {string[]} lines what is said to the monitor before the machine goes
 * @property {number} cycles so long it runs at most
 * @property {number} take the unit whose reel it is
 */

const STRONG = {
  source: "heat.sap", instead: /** @type {[string, string]} */ (["CHKPNT LIB", "CHKSTR LIB"]), core: "8k", rings: [1, 2],
  lines: ["sense 2 down"], cycles: 5_500_000,
};
const SORT = { source: "sort.sap", core: "4k", rings: [1, 3, 4, 5, 6], lines: [], cycles: 400_000_000 };

/** @type {Recipe[]} */
export const RECIPES = [
  {
    name: "heat-checkpoint.tap", title: "a checkpoint of heat.sap; CLEAR, LOAD TAPE", source: "heat.sap", core: "8k", rings: [1],
    lines: ["at 600000 sense 1 down", "at 640000 sense 1 up"], cycles: 1_500_000, take: 1,
  },
  { ...STRONG, name: "strong-1.tap", title: "one of a pair of strong checkpoints; tape 1, and strong-2.tap on tape 2", take: 1 },
  { ...STRONG, name: "strong-2.tap", title: "the other of the pair", take: 2 },
  { ...SORT, name: "sort-keys.tap", title: "ten thousand random keys of sort.sap", cycles: 3_000_000, take: 3 },
  { ...SORT, name: "sort-sorted.tap", title: "the same keys in order", take: 3 },
];

/** Puts the reels on a shelf, without their bytes. @param {Shelf} shelf */
export function offer(shelf) {
  for (const { name, title } of RECIPES) {
    if (!shelf.items.has(name)) shelf.items.set(name, { name, title, place: "tape", bytes: new Uint8Array(), own: false, unmade: true });
  }
}

/** Makes a reel of the shelf if it is not made yet. @param {Engine} engine @param {Shelf} shelf @param {string} name */
export async function made(engine, shelf, name) {
  const item = shelf.items.get(name);
  const recipe = RECIPES.find((recipe) => recipe.name === name);
  if (!item?.unmade || !recipe) return item;
  const { source, instead, core, rings, lines, cycles, take } = recipe;
  const machine = await engine.open("maker", core);
  const text = new TextDecoder().decode(shelf.items.get(source)?.bytes);
  await machine.call("put_file", source, new TextEncoder().encode(instead ? text.replace(...instead) : text));
  const say = async (/** @type {string} */ line) => {
    const { error } = JSON.parse(await machine.call("command", line));
    if (error) throw new Error(`${name}: ${line}: ${error}`);
  };
  await say(`load ${source}`);
  for (const unit of rings) await say(`mount ${unit} ${unit}.tap ring`);
  for (const line of lines) await say(line);
  await say(`run ${cycles}`);
  await machine.call("run_to_stop", cycles);
  item.bytes = await machine.call("reel", take);
  item.unmade = false;
  return item;
}
