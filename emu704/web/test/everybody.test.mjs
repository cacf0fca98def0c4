// The page for everybody: without a mouse, without the picture, with other colours, on a phone, on paper.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { begin } from "./common/page.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

/** What axe finds, in a line each. */
async function findings(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map(({ target, any }) => `${target.join(" ")} ${any[0]?.message ?? ""}`).join("; ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing, ${colorScheme}`, async () => {
    const { page } = await all.open({ colorScheme });
    await page.evaluate(() => emu704.machine.call("halt"));
    assert.deepEqual(await findings(page), [], "the room");
    for (const tool of ["bench", "lessons", "core", "monitor"]) await page.evaluate((tool) => emu704.tools.open(tool), tool);
    await page.evaluate(async () => (await emu704.tools.open("bench")).set("mine.sap", "       CLA NOBODY\n       END 0\n"));
    assert.deepEqual(await findings(page), [], "with all tools open");
    await page.evaluate(async () => (await emu704.tools.open("lessons")).show(12));
    await page.getByRole("button", { name: "five words over the wire" }).click();
    await page.getByText(/Press START at both/).waitFor();
    assert.deepEqual(await findings(page), [], "with the two machines of lesson 12");
    await page.evaluate(async () => (await emu704.tools.open("lessons")).show(1));
    await page.getByRole("button", { name: "what is this?", exact: true }).click();
    assert.deepEqual(await findings(page), [], "with help on");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "How sure is this?" }).click();
    assert.deepEqual(await findings(page), [], "the sheet");
    await page.getByRole("button", { name: "close", exact: true }).click();
    await page.getByRole("button", { name: "tape unit 4" }).click();
    assert.deepEqual(await findings(page), [], "the dialog of a tape unit");
    await page.goto(`${all.server.url}#story`);
    await page.locator("#story .console").first().waitFor();
    assert.deepEqual(await findings(page), [], "the story");
  });
}

/** Goes on by Tab until what has the focus has this name; nobody uses a mouse. */
async function tabTo(page, name, most = 250) {
  const now = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
  });
  for (let n = 0; n < most; n++) {
    if ((await now()).trim() === name) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${name}`);
}

test("lesson 1 by keyboard alone", async () => {
  const { page } = await all.open();
  await tabTo(page, "Lessons");
  await page.keyboard.press("Enter");
  await page.locator(".programs").waitFor();
  await tabTo(page, "run");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector('[data-reading="accumulator"]').textContent === "+0000000000005");
  assert.match(await page.locator("#status").textContent(), /HTR/);
  // the exercise: the difference, and a hundred times the difference
  await tabTo(page, "The cards of the program");
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(readFileSync(new URL("../../../programs/lessons/01-answer.sap", import.meta.url), "utf8"));
  await page.keyboard.press("Tab");
  await tabTo(page, "check exercise 1");
  await page.keyboard.press("Enter");
  await page.getByText("exercise 1: right").waitFor();
});

test("the keys of the panel come in the order of the panel", async () => {
  const { page } = await all.open();
  const names = await page.locator(".keys button").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  assert.deepEqual(names.slice(0, 4), ["POWER ON", "DC ON", "DC OFF", "NORMAL OFF"]);
  assert.deepEqual(names.slice(4, 12), ["DISPLAY A", "DISPLAY B", "DISPLAY C", "MULTIPLE STEP", "LOAD CARDS", "LOAD TAPE", "LOAD DRUM", "SINGLE STEP"]);
  assert.ok(names.every((name) => name), "each has a name");
  assert.equal(await page.locator(".triple").count(), 12);
});

test("the registers are text, and one line says why the machine stopped", async () => {
  const { page } = await all.open();
  await page.getByRole("switch", { name: "MANUAL" }).click();
  await page.waitForFunction(() => !emu704.machine.told.going);
  const text = await page.locator(".console").ariaSnapshot();
  for (const name of ["STORAGE", "ACCUMULATOR", "M-Q", "INSTRUCTION COUNTER", "INSTRUCTION", "INDEX A, B, C"]) assert.match(text, new RegExp(name), name);
  assert.equal(await page.locator('[role="status"]:visible').count(), 1);
  assert.match(await page.locator("#status").textContent(), /stop|MANUAL|stands/i);
});

test("help: the pointer becomes a question mark, and no key does anything", async () => {
  const { page } = await all.open();
  await page.evaluate(() => emu704.machine.call("halt"));
  await page.getByRole("button", { name: "what is this?", exact: true }).click();
  const cycles = await page.evaluate(() => emu704.machine.call("cycles"));
  const card = page.locator(".help-card");
  const asks = async (role, name, pattern) => {
    await page.getByRole(role, { name, exact: true }).click();
    assert.match(await card.textContent(), pattern);
  };
  await asks("button", "CLEAR", /CLEAR.*zeros into every word/);
  await asks("switch", "sense switch 2", /SENSE SWITCH 2.*SWT 2/);
  await asks("button", "what is ACCUMULATOR?", /sign and 37 bits/);
  await page.getByRole("button", { name: "DC OFF" }).focus();
  assert.match(await card.textContent(), /does nothing/);
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".panel")).cursor), "help");
  assert.equal(await page.evaluate(() => emu704.machine.call("cycles")), cycles);
  assert.equal(await page.getByRole("switch", { name: "sense switch 2" }).getAttribute("aria-checked"), "false");
  await page.keyboard.press("Escape");
  assert.equal(await card.isVisible(), false);
  await page.getByRole("switch", { name: "sense switch 2" }).click();
  await page.waitForFunction(() => document.querySelector('[aria-label="sense switch 2"]').getAttribute("aria-checked") === "true");
});

test("every part of the panel has help", async () => {
  const { page } = await all.open();
  await page.getByRole("button", { name: "what is this?", exact: true }).click();
  await page.locator(".help-card").waitFor();
  const without = await page.evaluate(() => {
    const out = [];
    for (const node of document.querySelectorAll("#room .panel [data-part], #room .panel [data-help]")) {
      node.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      if (/Nothing is known/.test(document.querySelector(".help-card").textContent)) out.push(node.dataset.part ?? node.dataset.help);
    }
    return out;
  });
  assert.deepEqual(without, []);
});

test("people who want nothing to move, forced colours, and paper", async () => {
  const { page } = await all.open({ reducedMotion: "reduce", forcedColors: "active" });
  const moves = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moves, 0);
  const outline = await page.getByRole("button", { name: "START" }).evaluate((node) => getComputedStyle(node).outlineStyle);
  assert.equal(outline, "solid");
});

test("the page printed is the printer's paper, all of it and nothing else", async () => {
  const { page } = await all.open();
  await page.evaluate(() => {
    for (let n = 1; n <= 6000; n++) emu704.desk.printer.add(`LINE ${n}\n`);
    globalThis.seen = 0;
    addEventListener("beforeprint", () => {
      const paper = document.getElementById("paper");
      globalThis.seen = { lines: paper.childElementCount, first: paper.firstElementChild.textContent, last: paper.lastElementChild.textContent };
    });
  });
  // the sheet in the page is shorter, and stays so
  assert.equal(await page.locator("#room .sheet .line").count(), 2000);
  await page.pdf();
  assert.deepEqual(await page.evaluate(() => globalThis.seen), { lines: 6000, first: "LINE 1", last: "LINE 6000" });
  assert.equal(await page.locator("#paper").count(), 0);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#room").isVisible(), false);
  assert.equal(await page.locator("#paper").isVisible(), true);
});

for (const width of [1000, 1240, 1400, 2560]) {
  test(`the machine room is beside the console at ${width} pixels`, async () => {
    const { page } = await all.open({ viewport: { width, height: 850 } });
    const [console_, room] = await Promise.all(["#room > .console", "#room > .room"].map((place) => page.locator(place).boundingBox()));
    assert.ok(room.x >= console_.x + console_.width && room.y < console_.y + 100, JSON.stringify({ console_, room }));
  });
}

for (const width of [320, 390, 768, 1400, 2560]) {
  test(`nothing is cut off at ${width} pixels`, async () => {
    const { page } = await all.open({ viewport: { width, height: 844 }, hasTouch: width < 500 });
    await page.evaluate(() => emu704.machine.call("halt"));
    for (const tool of ["bench", "lessons", "core", "monitor"]) await page.evaluate((tool) => emu704.tools.open(tool), tool);
    const fits = async (what) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} is wider than the window`);
    await fits("the room");
    // a whole line of paper, the end of the page, two machines in a lesson
    await page.evaluate(() => emu704.desk.printer.add(`${"X".repeat(120)}\n`));
    await page.evaluate(() => scrollTo(0, 1e6));
    await page.waitForTimeout(300);
    await fits("the shelf");
    await page.evaluate(async () => (await emu704.tools.open("lessons")).show(12));
    await page.getByRole("button", { name: "five words over the wire" }).click();
    await page.getByText(/Press START at both/).waitFor();
    await fits("lesson 12");
    await page.evaluate(() => (location.hash = "#story"));
    await page.locator("#story .console").first().waitFor();
    await fits("the story");
    await page.evaluate(() => (location.hash = ""));
    if (width > 500) return;
    // a finger meets the key that it means
    await page.getByRole("region", { name: "Operator's panel", exact: true }).getByRole("button", { name: "START" }).tap();
    const box = await page.getByRole("button", { name: "Lessons" }).boundingBox();
    assert.ok(box.height >= 32, `a button of ${box.height}`);
  });
}

test("how sure is this", async () => {
  const { page } = await all.open();
  await page.getByRole("button", { name: "How sure is this?" }).click();
  const text = await page.getByRole("dialog", { name: "How sure is this?" }).textContent();
  for (const word of ["Sure", "Likely", "Guessed", "NE-51", "727A"]) assert.ok(text.includes(word), word);
});
