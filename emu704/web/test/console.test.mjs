// The console in a real browser: it runs at real speed, its lamps burn, its keys work.
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

test("a program runs at real speed, sixty pictures a second, without a click", async () => {
  const { page, complaints } = await all.open();
  const look = () => page.evaluate(async () => ({
    cycles: await emu704.machine.call("cycles"), drawn: emu704.panel.drawn, at: performance.now(),
  }));
  await wait(500);
  const first = await look();
  await wait(3000);
  const second = await look();
  const seconds = (second.at - first.at) / 1000;
  const ratio = (second.cycles - first.cycles) / (seconds * 1e6 / 12);
  // never faster; on a host that has other work to do, slower
  assert.ok(ratio > 0.3 && ratio < 1.1, `a ratio of ${ratio}`);
  const pictures = (second.drawn - first.drawn) / seconds;
  assert.ok(pictures > 15, `${pictures} pictures a second`);
  const lit = await page.locator(".lamps circle").evaluateAll((all) => all.filter((lamp) => Number(lamp.getAttribute("fill-opacity")) > 0).length);
  assert.ok(lit > 20, `${lit} lamps are lit`);
  assert.deepEqual(complaints, []);
});

test("the keys of the panel", async () => {
  const { page } = await all.open();
  await page.getByRole("switch", { name: "MANUAL" }).click();
  await page.waitForFunction(() => !emu704.machine.told.going);
  // no picture is drawn while the machine is stopped
  await wait(600);
  const drawn = await page.evaluate(() => emu704.panel.drawn);
  await wait(1000);
  assert.equal(await page.evaluate(() => emu704.panel.drawn), drawn);
  const counter = await page.locator('[data-reading="counter"]').textContent();
  await page.getByRole("button", { name: "SINGLE STEP" }).click();
  await page.waitForFunction((was) => document.querySelector('[data-reading="counter"]').textContent !== was, counter);
  // a digit sets three keys, and goes on
  await page.getByRole("switch", { name: "entry key S" }).focus();
  await page.keyboard.type("500000000012");
  await page.waitForFunction(() => document.querySelectorAll('.triple [aria-checked="true"]').length === 4);
  await page.getByRole("button", { name: "ENTER MQ" }).click();
  await page.waitForFunction(() => document.querySelector('[data-reading="mq"]').textContent === "500000000012");
  await page.getByRole("button", { name: "CLEAR" }).click();
  await page.waitForFunction(() => /CLEAR is ineffective/.test(document.getElementById("status").textContent));
  await page.getByRole("switch", { name: "sense switch 3" }).click();
  await page.waitForFunction(() => document.querySelector('[aria-label="sense switch 3"]').getAttribute("aria-checked") === "true");
});

test("strokes work the panel as in the terminal", async () => {
  const { page } = await all.open();
  await page.keyboard.press("a");
  await page.waitForFunction(() => !emu704.machine.told.going);
  const read = () => page.locator('[data-reading="counter"]').textContent();
  const before = await read();
  await page.keyboard.press(" ");
  await page.waitForFunction((was) => document.querySelector('[data-reading="counter"]').textContent !== was, before);
  await page.keyboard.press("2");
  await page.waitForFunction(() => document.querySelector('[aria-label="sense switch 2"]').getAttribute("aria-checked") === "true");
  // where text is written, a stroke is text
  await page.locator('input[type="radio"]').first().focus();
  await page.keyboard.press("2");
  await wait(200);
  assert.equal(await page.locator('[aria-label="sense switch 2"]').getAttribute("aria-checked"), "true");
});

test("MULTIPLE STEP steps as long as it is held", async () => {
  const { page } = await all.open();
  await page.keyboard.press("a");
  await page.waitForFunction(() => !emu704.machine.told.going);
  await page.getByRole("button", { name: "MULTIPLE STEP" }).focus();
  const cycles = () => page.evaluate(() => emu704.machine.call("cycles"));
  const first = await cycles();
  await page.keyboard.down("Space");
  await wait(1050);
  await page.keyboard.up("Space");
  await wait(150);
  const then = await cycles();
  // ten instructions a second, of two cycles and more
  assert.ok(then - first > 10 && then - first < 400, `${then - first} cycles`);
  await wait(400);
  assert.equal(await cycles(), then);
});
