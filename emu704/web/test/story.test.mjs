// The story of the checkpoint by keys alone, and by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { begin } from "./common/page.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

const scene = (page, title) => page.waitForFunction((title) => document.querySelector(".caption h2")?.textContent.includes(title), title, { timeout: 60000 });

/** Puts the focus on something in a pane and presses a key. */
async function press(page, pane, name, role = "button", key = "Space") {
  await page.getByRole("region", { name: `Machine ${pane}` }).getByRole(role, { name, exact: true }).focus();
  await page.keyboard.press(key);
}

test("the story by the keyboard alone", async () => {
  const { page, complaints } = await all.open({}, `${all.server.url}#story`);
  await scene(page, "A job");
  await scene(page, "Ten times as fast");
  await press(page, "A", "10 ×", "radio");
  await scene(page, "Please, a checkpoint");
  await press(page, "A", "sense switch 1", "switch");
  await scene(page, "The tape turns");
  await press(page, "A", "sense switch 1", "switch");
  await scene(page, "The power fails");
  await press(page, "A", "NORMAL OFF");
  await scene(page, "The reel");
  await press(page, "B", "carry the reel from A to B");
  await scene(page, "CLEAR");
  await press(page, "B", "CLEAR");
  await scene(page, "LOAD TAPE");
  await press(page, "B", "LOAD TAPE");
  await scene(page, "The job continues");
  await press(page, "B", "full", "radio");
  await scene(page, "The answer");
  assert.match(await page.locator(".caption .same").textContent(), /every digit is the same/);
  const paper = await page.getByRole("region", { name: "Machine B" }).locator(".sheet").textContent();
  assert.match(paper, /SIGNATURE/);
  assert.deepEqual(complaints, []);
});

test("a scene does not end because somebody is impatient, and a lost job is told as one", async () => {
  const { page } = await all.open({}, `${all.server.url}#story`);
  await scene(page, "Ten times as fast");
  // a key that is not yet due does what it does, and the story waits
  await press(page, "B", "LOAD TAPE");
  await page.waitForTimeout(600);
  await scene(page, "Ten times as fast");
  await press(page, "A", "10 ×", "radio");
  await scene(page, "Please, a checkpoint");
  await press(page, "A", "sense switch 1", "switch");
  await scene(page, "The tape turns");
  // the plug is pulled while the tape is written
  await press(page, "A", "NORMAL OFF");
  await press(page, "A", "sense switch 1", "switch");
  await scene(page, "The job is lost");
  // it stays so, whatever is pressed
  await press(page, "B", "carry the reel from A to B");
  await page.waitForTimeout(1000);
  await scene(page, "The job is lost");
  await page.getByRole("button", { name: "from the beginning" }).click();
  await scene(page, "A job");
});

test("a visitor who is ahead of the story does not get stuck, and two stories at once are one", async () => {
  const { page, complaints } = await all.open({}, `${all.server.url}#story=cable`);
  await scene(page, "A job");
  // all buttons, many times, without waiting
  await page.evaluate(() => { for (let n = 0; n < 4; n++) for (const button of document.querySelectorAll(".story-acts button")) button.click(); document.querySelectorAll(".story-acts button")[1].click(); });
  await page.waitForFunction(() => emu704.story.way === "reel" && emu704.story.mode === "guided" && emu704.story.scene >= 0 && document.querySelectorAll(".pane").length === 2);
  await page.getByRole("button", { name: "with a cable" }).click();
  await page.waitForFunction(() => /no reel/.test(document.querySelector(".caption").textContent));
  await press(page, "B", "CLEAR");
  await press(page, "B", "lay a cable: tape unit 1 of A to tape unit 1 of B");
  await press(page, "B", "LOAD TAPE");
  await scene(page, "Please, a checkpoint");
  assert.deepEqual(complaints, []);
});

test("in an exhibition it goes on by itself", async () => {
  const { page } = await all.open({}, `${all.server.url}#attract`);
  await scene(page, "A job");
  assert.equal(await page.locator(".panes").evaluate((panes) => panes.inert), true);
  await scene(page, "The tape turns");
  await scene(page, "The power fails");
  await page.getByRole("button", { name: "take it over" }).click();
  await scene(page, "A job");
  assert.equal(await page.locator(".panes").evaluate((panes) => panes.inert), false);
});

test("an exhibition begins again when its visitor has gone, wherever that was", async () => {
  const { page } = await all.open({}, `${all.server.url}#attract`);
  await scene(page, "A job");
  const goes = () => page.evaluate(() => (emu704.story.touched = Date.now() - 121000));
  // into the guided story, and away from it
  await page.getByRole("button", { name: "take it over" }).click();
  await page.waitForFunction(() => emu704.story.mode === "guided");
  await goes();
  await page.waitForFunction(() => emu704.story.mode === "attract");
  await page.getByRole("button", { name: "without a guide" }).click();
  await page.waitForFunction(() => emu704.story.mode === "free");
  await goes();
  await page.waitForFunction(() => emu704.story.mode === "attract");
  // into the machine room, with a sheet before it
  await page.getByRole("link", { name: "The machine" }).click();
  await page.getByRole("button", { name: "How sure is this?" }).click();
  await page.waitForTimeout(2500);
  assert.equal(await page.locator("#room").isVisible(), true);
  await goes();
  await page.waitForFunction(() => !document.getElementById("story").hidden && emu704.story.mode === "attract" && !document.querySelector("dialog[open]"));
  // a page that was not opened so stays where it is
  const { page: other } = await all.open({}, `${all.server.url}#story`);
  await other.evaluate(() => (location.hash = ""));
  await other.evaluate(() => (emu704.story.touched = 0));
  await other.waitForTimeout(3000);
  assert.equal(await other.locator("#room").isVisible(), true);
});

test("the story with a cable, guided, by the keyboard", async () => {
  const { page, complaints } = await all.open({}, `${all.server.url}#story`);
  await scene(page, "A job");
  await page.getByRole("button", { name: "with a cable" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /There is no reel/.test(document.querySelector(".caption").textContent));
  await scene(page, "A cable");
  await press(page, "B", "lay a cable: tape unit 1 of A to tape unit 1 of B");
  await scene(page, "CLEAR");
  await press(page, "B", "CLEAR");
  await scene(page, "LOAD TAPE");
  await press(page, "B", "LOAD TAPE");
  await scene(page, "Please, a checkpoint");
  // nothing comes before the switch is down: machine B waits, and its clock stands
  const waits = await page.evaluate(() => emu704.story.b.cycles);
  await page.waitForTimeout(700);
  assert.equal(await page.evaluate(() => emu704.story.b.cycles), waits);
  await press(page, "A", "sense switch 1", "switch");
  await scene(page, "The job passes");
  await press(page, "A", "sense switch 1", "switch");
  await scene(page, "The power fails");
  await press(page, "A", "NORMAL OFF");
  await scene(page, "The job continues");
  await press(page, "B", "full", "radio");
  await scene(page, "The answer");
  assert.match(await page.locator(".caption .same").textContent(), /every digit is the same/);
  assert.deepEqual(complaints, []);
});

test("a cable in the place of a reel, without a guide", async () => {
  const { page } = await all.open({}, `${all.server.url}#story`);
  await scene(page, "A job");
  await page.getByRole("button", { name: "without a guide" }).click();
  await scene(page, "Two machines");
  await page.getByRole("button", { name: /lay a cable/ }).click();
  await press(page, "B", "CLEAR");
  await press(page, "B", "LOAD TAPE");
  await page.evaluate(() => emu704.story.a.desk.machine.call("go"));
  await press(page, "A", "sense switch 1", "switch");
  // the job is in both machines then
  await page.waitForFunction(() => emu704.story.b.desk.machine.told.readings.counter > "00100" && emu704.story.b.cycles > 400000, null, { timeout: 30000 });
  await press(page, "A", "NORMAL OFF");
  await press(page, "B", "full", "radio");
  await page.waitForFunction(() => /SIGNATURE/.test(emu704.story.b.paper), null, { timeout: 30000 });
  const { paper, expected } = await page.evaluate(() => ({ paper: emu704.story.b.paper, expected: emu704.story.undisturbed }));
  for (const line of expected) assert.ok(paper.includes(line), line);
});
