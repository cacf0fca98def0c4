// Links: what they carry comes back, and they do nothing that nobody has asked for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DIST, begin } from "./common/page.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

const LESSONS = JSON.parse(readFileSync(join(DIST, "lessons.json"), "utf8"));
const COUNT = "       ORG 64\nSTART  CLA ONE\n       ADD ONE\n       HTR START\nONE    DEC 1\n       END START\n";
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const linkOf = (page, carried) => page.evaluate(async (carried) => emu704.links.linkOf(carried), carried);
const status = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById("status").textContent), pattern.source);

test("every program of the lessons is a link of less than 500 characters, and comes back", async (context) => {
  const { page } = await all.open();
  let longest = 0;
  for (const { files } of LESSONS) {
    for (const { name, text } of files.filter(({ name }) => /\.sapf?$/.test(name))) {
      const carried = { source: text, free: /f$/.test(name), name: name.replace(/\.\w+$/, "") };
      const url = await linkOf(page, carried);
      // where the page lies is not the link's own length
      const { length } = new URL(url).hash;
      assert.ok(length < 500, `${name}: ${length}`);
      longest = Math.max(longest, length);
      const back = await page.evaluate(async (hash) => emu704.links.read(hash), new URL(url).hash);
      assert.deepEqual({ source: back.source, free: back.free, name: back.name }, carried);
    }
  }
  context.diagnostic(`the longest has ${longest} characters`);
});

test("a link carries switches, keys, speed, an operator and a lesson", async () => {
  const { page } = await all.open();
  const carried = { source: COUNT, free: false, name: "count", job: ["sense 2 down", "at 500 sense 2 up"], sense: [1, 4], keys: "500000000012", speed: "10x", lesson: 3, embed: true };
  const url = await linkOf(page, carried);
  const back = await page.evaluate(async (hash) => emu704.links.read(hash), new URL(url).hash);
  assert.deepEqual(back, carried);
});

test("a link runs nothing until somebody says so, and the own room stays", async () => {
  const { page, context } = await all.open();
  // a room of the visitor's own, with a word that nobody else would put there
  await page.evaluate(async () => {
    await emu704.machine.call("halt");
    await emu704.desk.command("deposit 1000 123456701234");
    emu704.keeper.dirty = true;
    await emu704.keeper.keep();
  });
  const own = await page.evaluate(() => emu704.machine.call("core_hash"));
  const url = await linkOf(page, { source: COUNT, sense: [3], keys: "000000000007" });
  await page.close();
  const guest = await context.newPage();
  await guest.goto(url);
  await guest.waitForFunction(() => globalThis.emu704?.ready);
  await guest.getByText("Nothing of it runs by itself").waitFor();
  await wait(1000);
  assert.equal(await guest.evaluate(() => emu704.machine.call("cycles")), 0);
  assert.equal(await guest.evaluate(() => emu704.machine.told.going), false);
  assert.equal(await guest.getByRole("switch", { name: "sense switch 3" }).getAttribute("aria-checked"), "false");
  await guest.getByRole("button", { name: "load it and run it" }).click();
  await guest.waitForFunction(() => document.querySelector('[data-reading="accumulator"]').textContent === "+0000000000002");
  await guest.waitForFunction(() => document.querySelector('[aria-label="sense switch 3"]').getAttribute("aria-checked") === "true");
  // longer than a room needs to be kept
  await wait(6000);
  await guest.close();
  const again = await context.newPage();
  await again.goto(all.server.url);
  await again.waitForFunction(() => globalThis.emu704?.ready);
  assert.equal(await again.evaluate(() => emu704.machine.call("core_hash")), own);
});

test("what no link may bring is refused by its name", async () => {
  const { page } = await all.open();
  const wrong = async (hash) => page.evaluate(async (hash) => emu704.links.read(hash).then(() => "taken", (error) => error.message), hash);
  const job = async (...acts) => new URL(await linkOf(page, { job: acts })).hash;
  for (const act of ["mount 1 mine.tap ring", "deposit 100 0", "save x", "restore x", "do x", "at 5 mount 1 x ring", "sense 7 down", "detach all"]) {
    assert.match(await wrong(await job(act)), /bad act/, act);
  }
  assert.match(await wrong("#sap=AAAA"), /damaged at `sap`/);
  assert.match(await wrong("#sap=***"), /damaged at `sap`/);
  assert.match(await wrong("#keys=9"), /bad word of the entry keys/);
  assert.match(await wrong("#sense=8"), /bad sense switch/);
  assert.match(await wrong("#speed=warp"), /bad speed/);
  assert.match(await wrong("#name=a/b"), /bad name/);
  // a megabyte of blanks in a kilobyte
  const bomb = new URL(await linkOf(page, { source: " ".repeat(1e6) })).hash;
  assert.match(await wrong(bomb), /more than 200000 bytes/);
  // and the page says so, and goes on
  const other = await all.open({}, `${all.server.url}#sap=AAAA`);
  await status(other.page, /damaged at `sap`|A plate warms/);
});

test("embedded in another page", async () => {
  const { page } = await all.open();
  const url = await linkOf(page, { source: COUNT, embed: true });
  const outer = await page.context().newPage();
  // a page of somebody else, at another place
  const school = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(`<iframe title="704" width="700" height="900" src="${url}"></iframe>`));
  await new Promise((done) => school.listen(0, "127.0.0.1", done));
  after(() => school.close());
  await outer.goto(`http://127.0.0.1:${school.address().port}/`);
  const inner = outer.frameLocator("iframe");
  await inner.getByRole("button", { name: "load it and run it" }).waitFor();
  assert.equal(await inner.getByRole("link", { name: "open it in a tab of its own" }).count(), 1);
  assert.equal(await inner.locator(".shelf").isVisible(), false);
  assert.equal(await inner.locator(".console").isVisible(), true);
});
