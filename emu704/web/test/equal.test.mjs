// The machine in the page is the machine of the command: same cycles, same core, same paper, same reels.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, begin } from "./common/page.mjs";

/** The command, as `cargo build` or `cargo test` leaves it. */
const NATIVE = process.env.EMU704 ?? ["debug", "release"].map((kind) => join(ROOT, "target", kind, "emu704")).find((path) => existsSync(path));
const skip = NATIVE ? false : "emu704 is not built";
/** Machine cycles after which a run is compared if it has not stopped. */
const LIMIT = 2_000_000;

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
let page;
before(async () => {
  all = await begin();
  ({ page } = await all.open());
  await page.evaluate(() => emu704.machine.call("halt"));
});
after(() => all.close());

const list = (folder, pattern) => readdirSync(join(ROOT, folder)).filter((name) => pattern.test(name)).map((name) => `${folder}/${name}`);

/** Programs, with what they need: decks, reels with the ring in. */
const RUNS = [
  ...list("programs/kernels", /\.sap$/).map((program) => ({ program, ring: [1, 2] })),
  ...list("programs/lessons", /\.sapf?$/).map((program) => ({
    program,
    cards: /0[69]-/.test(program) ? "programs/lessons/06-cards.txt" : undefined,
    ring: /07-|11-/.test(program) ? [1] : [],
  })),
];

/** Runs it by the commands: cycles, paper and reels from `run`, core and registers from a snapshot of the monitor. */
function native({ program, cards, ring }) {
  const folder = mkdtempSync(join(tmpdir(), "emu704-equal-"));
  const reel = (unit) => join(folder, `${unit}.tap`);
  const args = [
    "run", program, "--json", "--core", "8k", "--limit", String(LIMIT), "--print", join(folder, "paper"), ...(cards ? ["--cards", cards] : []),
    ...ring.flatMap((unit) => ["--tape", `${unit}=${reel(unit)}`, "--ring", String(unit)]),
  ];
  let report;
  try {
    report = execFileSync(NATIVE, args, { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
  } catch (error) {
    // a run that does not end well has a report, too
    report = error.stdout;
  }
  const reels = ring.map((unit) => readFileSync(reel(unit)).toString("base64"));
  for (const unit of ring) rmSync(reel(unit));
  const lines = [`load ${program}`, ...(cards ? [`mount cards ${cards}`] : []), ...ring.map((unit) => `mount ${unit} ${reel(unit)} ring`), `run ${LIMIT}`, `save ${join(folder, "snap")}`];
  execFileSync(NATIVE, ["monitor", "--core", "8k"], { cwd: ROOT, input: lines.join("\n") + "\n", stdio: ["pipe", "ignore", "ignore"] });
  const { machine } = JSON.parse(readFileSync(join(folder, "snap"), "utf8"));
  return {
    cycles: JSON.parse(report.toString()).cycles, core: JSON.stringify(machine.core), cpu: JSON.stringify(machine.cpu),
    paper: readFileSync(join(folder, "paper"), "utf8"), reels,
  };
}

/** The same in the page. */
async function inPage({ program, cards, ring }) {
  const text = (path) => path && readFileSync(join(ROOT, path), "utf8");
  return page.evaluate(async ([name, source, deck, units, limit]) => {
    const { engine } = emu704;
    const machine = await engine.open("test", "8k");
    const put = (name, text) => machine.call("put_file", name, new TextEncoder().encode(text));
    let paper = "";
    machine.addEventListener("told", (event) => (paper += event.detail.paper));
    await put(name, source);
    await machine.call("command", `load ${name}`);
    if (deck) {
      await put("deck.txt", deck);
      await machine.call("command", "mount cards deck.txt");
    }
    for (const unit of units) await machine.call("command", `mount ${unit} ${unit}.tap ring`);
    await machine.call("command", `run ${limit}`);
    await machine.call("run_to_stop", limit);
    const snapshot = JSON.parse(await machine.call("save"));
    const reels = [];
    for (const unit of units) {
      const bytes = await machine.call("reel", unit);
      reels.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
    }
    const cycles = await machine.call("cycles");
    return { cycles, core: JSON.stringify(snapshot.machine.core), cpu: JSON.stringify(snapshot.machine.cpu), paper, reels };
  }, [program.split("/").pop(), text(program), text(cards), ring, LIMIT]);
}

for (const run of RUNS) {
  test(`${run.program} is the same in the page`, { skip }, async () => {
    const [here, there] = [native(run), await inPage(run)];
    for (const what of ["cycles", "core", "cpu", "paper", "reels"]) assert.deepEqual(there[what], here[what], what);
    // something was compared
    if (/07-reel/.test(run.program)) assert.ok(here.reels[0].length > 0);
  });
}
