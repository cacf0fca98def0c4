// What the page costs: pictures a second, the page's own share of a processor, and what comes through the wire before the first lamp.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { begin } from "./common/page.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Cycles, pictures and the busy time of the page's thread over some time. */
async function measure(page, ms) {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const look = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    const value = (name) => metrics.find((metric) => metric.name === name).value;
    const { cycles, drawn, at } = await page.evaluate(async () => ({ cycles: await emu704.machine.call("cycles"), drawn: emu704.panel.drawn, at: performance.now() }));
    return { cycles, drawn, at, busy: value("TaskDuration") };
  };
  const first = await look();
  await wait(ms);
  const second = await look();
  const seconds = (second.at - first.at) / 1000;
  return {
    ratio: (second.cycles - first.cycles) / (seconds * 1e6 / 12), pictures: (second.drawn - first.drawn) / seconds, share: (second.busy - first.busy) / seconds,
  };
}

test("pictures a second and share of a processor", async (context) => {
  const { page } = await all.open();
  // a program that never stops by itself
  await page.evaluate(() => emu704.machine.call("command", "load attract.sap").then(() => emu704.machine.call("go")));
  await wait(1000);
  const real = await measure(page, 4000);
  context.diagnostic(`real speed: ratio ${real.ratio.toFixed(3)}, ${real.pictures.toFixed(1)} pictures a second, ${(100 * real.share).toFixed(1)} % of a core`);
  for (const [speed, factor] of [["10x", 10], ["100x", 100]]) {
    await page.evaluate((speed) => emu704.desk.speed(speed), speed);
    await wait(600);
    const fast = await measure(page, 2000);
    context.diagnostic(`${speed}: ratio ${fast.ratio.toFixed(1)}, ${fast.pictures.toFixed(1)} pictures a second`);
    // others may work on this computer, too
    assert.ok(fast.ratio > factor / 4 && fast.ratio < factor * 1.1, `${speed}: a ratio of ${fast.ratio}`);
  }
  await page.evaluate(() => emu704.desk.speed("full"));
  const full = await measure(page, 2000);
  context.diagnostic(`full: ratio ${full.ratio.toFixed(0)}, ${full.pictures.toFixed(1)} pictures a second`);
  assert.ok(full.ratio > 200, `full speed: a ratio of ${full.ratio}`);
  await page.evaluate(() => emu704.machine.call("halt"));
  await wait(1000);
  const still = await measure(page, 3000);
  context.diagnostic(`standing: ${still.pictures.toFixed(1)} pictures a second, ${(100 * still.share).toFixed(1)} % of a core`);
  assert.equal(still.pictures, 0);
  assert.ok(real.pictures > 15 && real.share < 0.6, JSON.stringify(real));
});

test("nothing is asked for but the page's own files", async (context) => {
  const asked = all.server.asked.length;
  const { page, complaints } = await all.open();
  const outside = [];
  page.on("request", (request) => request.url().startsWith(all.server.url) || request.url().startsWith("data:") || outside.push(request.url()));
  await wait(1000);
  assert.deepEqual(outside, []);
  assert.deepEqual(complaints, []);
  context.diagnostic(`${all.server.asked.length - asked} files`);
});
