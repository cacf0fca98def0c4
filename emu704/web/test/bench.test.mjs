// The workbench in a real browser: the editor with asm704 behind it, the lessons and their exercises, breakpoints, and time backwards.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DIST, ROOT, begin } from "./common/page.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

const LESSONS = JSON.parse(readFileSync(join(DIST, "lessons.json"), "utf8"));
const source = (name) => readFileSync(join(ROOT, "programs/lessons", name), "utf8");

/** A page with the workbench open. */
async function bench(options) {
  const opened = await all.open(options);
  await opened.page.getByRole("button", { name: "Workbench" }).click();
  await opened.page.evaluate(() => emu704.tools.open("bench"));
  await opened.page.evaluate(() => emu704.machine.call("halt"));
  return opened;
}

/** Sets the cards, as if they were typed, and waits for what the assembler says. */
const write = (page, name, text) => page.evaluate(async ([name, text]) => (await emu704.tools.open("bench")).set(name, text), [name, text]);
const reading = (page, field, text) => page.waitForFunction(([field, text]) => document.querySelector(`[data-reading="${field}"]`).textContent === text, [field, text]);
const answered = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector(".bench .answer").textContent), pattern.source);

test("nothing of the editor is loaded before it is opened", async () => {
  const asked = all.server.asked.length;
  const { page } = await all.open();
  const before = all.server.asked.slice(asked);
  for (const file of ["/editor.js", "/workbench_bg.wasm", "/emu704_rest.wasm", "/lessons.json"]) assert.ok(!before.includes(file), file);
  assert.ok(!before.some((file) => /^\/(bench|lessons|coreview|monitorpane)\b/.test(file)), before.join(" "));
  await page.getByRole("button", { name: "Workbench" }).click();
  await page.evaluate(() => emu704.tools.open("bench"));
  assert.ok(all.server.asked.slice(asked).includes("/editor.js"));
});

test("a mistake is named on its card, with code and help", async () => {
  const { page, complaints } = await bench();
  await write(page, "mine.sap", "       ORG 64\nSTART  CLA TWO\n       ADD THRE\n       HTR START\nTWO    DEC 2\nTHREE  DEC 3\n       END START\n");
  const finding = page.locator(".findings li.error").first();
  assert.match(await finding.textContent(), /card 3.*THRE/);
  const code = finding.getByRole("button", { name: /^A\d\d\d$/ });
  await code.click();
  await page.waitForFunction(() => /^A\d\d\d: ./.test(document.querySelector(".findings .more:not([hidden])")?.textContent ?? ""));
  // the mark stands in the editor, under the columns of the variable field
  const marked = await page.evaluate(() => document.querySelector(".cards-place").shadowRoot.querySelector(".cm-lintRange-error")?.textContent);
  assert.equal(marked, "THRE");
  // it is not run
  await page.getByRole("button", { name: "load it", exact: true }).click();
  await answered(page, /the cards have errors/);
  // the editor's styles break no rule of the page
  assert.deepEqual(complaints, []);
});

test("an operation says what it does and how long it takes", async () => {
  const { page } = await bench();
  await write(page, "mine.sap", source("01-add.sap"));
  await page.locator(".cm-line", { hasText: "ADD THREE" }).first().locator("text=ADD").first().hover();
  const tip = page.locator(".cm-tooltip");
  await tip.waitFor();
  // from the table of operations: ADD is +0400, two cycles
  assert.match(await tip.textContent(), /ADD.*040000000000.*2 cycles/s);
});

test("free form and columns", async () => {
  const { page } = await bench();
  await write(page, "mine.sapf", "org 64\nstart: cla two\n add three\n htr start\ntwo: dec 2\nthree: dec 3\n end start\n");
  assert.match(await page.locator(".verdict").textContent(), /mine\.sapf: 5 words, no errors/);
  await page.getByLabel("free form").uncheck();
  await page.waitForFunction(() => /looks like free form/.test(document.querySelector(".verdict").textContent));
});

test("cards are punched, and the card reader loads them", async () => {
  const { page } = await bench();
  await write(page, "mine.sap", source("01-add.sap"));
  await page.evaluate(() => emu704.desk.speed("100x"));
  await page.getByRole("button", { name: "punch it and load it" }).click();
  await answered(page, /cards went into the hopper/);
  // 2 and 3 are 5, and the machine stops at the HTR
  await page.waitForFunction(() => !emu704.machine.told.going && /HTR/.test(emu704.machine.told.state));
  await page.waitForFunction(() => /[1-9]\d* read/.test(document.querySelector(".card-box p").textContent));
  await reading(page, "accumulator", "+0000000000005");
});

test("a click beside a card is a breakpoint; time runs backwards", async () => {
  const { page } = await bench();
  await write(page, "mine.sap", source("01-add.sap"));
  const gutter = page.locator(".cm-where", { hasText: "00101" });
  await gutter.click();
  await page.locator(".cm-break", { hasText: "00101" }).waitFor();
  await page.getByRole("button", { name: "go", exact: true }).click();
  // it has stopped before ADD THREE: 2 is in the accumulator
  await reading(page, "accumulator", "+0000000000002");
  await page.locator(".cm-here", { hasText: "ADD THREE" }).waitFor();
  await page.getByRole("button", { name: "step", exact: true }).click();
  await reading(page, "accumulator", "+0000000000005");
  await page.getByRole("button", { name: "step back" }).click();
  await reading(page, "accumulator", "+0000000000002");
  await page.getByRole("button", { name: "no breakpoints" }).click();
  // through the past up to where it was stopped, and on
  await page.getByRole("button", { name: "go", exact: true }).click();
  await page.locator(".cm-here", { hasText: "STO SUM" }).waitFor();
  await page.getByRole("button", { name: "go", exact: true }).click();
  await page.waitForFunction(() => /HTR/.test(emu704.machine.told.state));
  // the STO at 102 wrote the sum, and the machine goes back to it
  await page.getByLabel("word", { exact: true }).fill("SUM");
  await page.getByRole("button", { name: "who wrote it?" }).click();
  await answered(page, /00102/);
  await page.getByRole("button", { name: "run back to there" }).click();
  await page.locator(".cm-here", { hasText: "STO SUM" }).waitFor();
});

test("the link of a program has the program in it", async () => {
  const { page } = await bench();
  await write(page, "mine.sap", source("01-add.sap"));
  await page.getByRole("button", { name: "link", exact: true }).click();
  const url = await page.getByRole("link", { name: "the link" }).getAttribute("href");
  const back = await page.evaluate(async (hash) => emu704.links.read(hash), new URL(url).hash);
  assert.equal(back.source, source("01-add.sap"));
});

test("core in all ways of reading a word", async () => {
  const { page } = await bench();
  await write(page, "mine.sap", "       ORG 64\nSTART  HTR START\nPI     DEC 3.14159\nTEXT   BCD 1HELLO\nMINUS  DEC -5\n       END START\n");
  await page.getByRole("button", { name: "load it", exact: true }).click();
  await answered(page, /words in core/);
  await page.getByRole("button", { name: "Core", exact: true }).click();
  const rows = page.locator(".core-view tbody tr");
  const third = (n) => rows.nth(n).locator("td").nth(1).textContent();
  await page.waitForFunction(() => /PI/.test(document.querySelector(".core-view tbody")?.textContent));
  assert.equal(await third(1), "3.14159");
  assert.equal((await third(2)).trim(), "HELLO");
  assert.equal(await third(3), "-5");
  await page.locator(".core-view select").selectOption("octal");
  // 3.14159 is the first example of asm704's views
  await page.waitForFunction(() => document.querySelectorAll(".core-view tbody tr")[1].children[2].textContent === "202622077174");
});

test("all of the machine by words", async () => {
  const { page } = await bench();
  await page.getByRole("button", { name: "Monitor" }).click();
  const line = page.getByLabel("a line for the monitor");
  const say = async (text, pattern) => {
    await line.fill(text);
    await line.press("Enter");
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector(".log").textContent), pattern.source);
  };
  await say("load heat.sap", /heat\.sap/);
  await say("frobnicate", /is not a command/);
  await say("run 5000", /limit|stands|stopped|cycle/i);
  await say("back 1", /back|past|before|instruction/i);
  await say("registers", /AC/);
  assert.equal(await page.locator(".log").getAttribute("role"), "log");
});

/** The page in which all exercises are checked. @type {import("playwright-core").Page | undefined} */
let checking;
for (const lesson of LESSONS) {
  for (const exercise of lesson.exercises) {
    const answer = { 3: "03-answer.sap", "3b": "03-answer-lines.sap", "9b": "09-answer-lister.sap" }[exercise.name]
      ?? lesson.files.find(({ name }) => /-answer\.sapf?$/.test(name)).name;
    test(`exercise ${exercise.name}: the answer of the lesson is right, no program is not`, async () => {
      checking ??= (await bench()).page;
      const check = async (name, text) => {
        await write(checking, name, text);
        return checking.evaluate(async (json) => {
          const bench = await emu704.tools.open("bench");
          return bench.checker.exercise(json, bench.source, bench.free.checked);
        }, exercise.json);
      };
      const right = await check(answer, source(answer));
      assert.equal(right.right, true, JSON.stringify(right).slice(0, 800));
      const wrong = await check("mine.sap", "       ORG 64\nSTART  HTR START\n       END START\n");
      assert.equal(wrong.right, false);
    });
  }
}

test("the programs of all lessons run by a click", async () => {
  const { page } = await bench();
  await page.evaluate(() => emu704.desk.speed("full"));
  await page.getByRole("button", { name: "Lessons" }).click();
  await page.locator(".lesson h3").first().waitFor();
  for (const { number, files } of LESSONS) {
    const file = files.find(({ name }) => /\.sapf?$/.test(name) && !/answer/.test(name));
    await page.getByLabel("lesson", { exact: true }).selectOption(String(number));
    await page.locator(".programs").getByRole("button", { name: "run", exact: true }).nth(files.filter(({ name }) => /\.sapf?$/.test(name)).indexOf(file)).click();
    await page.waitForFunction((name) => emu704.machine.told.here && document.querySelector(".verdict").textContent.startsWith(name), file.name);
    await page.waitForFunction(() => emu704.desk.printer !== undefined && emu704.tools.tools.get("bench").inside.then((bench) => bench.loaded === bench.source));
  }
});

/** Lesson 12, with its two machines. */
async function wired(trial) {
  const { page, complaints } = await all.open({}, `${all.server.url}#lesson=12`);
  await page.getByRole("button", { name: trial }).click();
  await page.getByText(/Press START at/).waitFor();
  return { page, complaints };
}
/** What machine NAME of lesson 12 has come to. */
const stopped = async (page, name) => {
  await page.waitForFunction((name) => { const told = globalThis.emu704.tools.lessons?.wired.of(name).machine.told; return told && !told.going && /HTR/.test(told.state); }, name, { timeout: 30000 });
  return page.evaluate(async (name) => {
    const { machine } = emu704.tools.lessons.wired.of(name);
    return { ac: machine.told.readings.accumulator, cycles: await machine.call("cycles"), state: machine.told.state };
  }, name);
};

test("lesson 12: five words go over a cable, and both machines take the cycles of the lesson", async () => {
  const { page, complaints } = await wired("five words over the wire");
  const pane = (name) => page.getByRole("region", { name: `Machine ${name}`, exact: true });
  await pane("B").getByRole("button", { name: "START", exact: true }).click();
  // it waits in RTB, and no time passes
  await page.waitForTimeout(400);
  assert.equal(await page.evaluate(() => emu704.tools.lessons.wired.of("B").machine.call("cycles")), 3);
  await pane("A").getByRole("button", { name: "START", exact: true }).click();
  const [a, b] = [await stopped(page, "A"), await stopped(page, "B")];
  assert.equal(a.cycles, 5693);
  assert.match(a.state, /00105/);
  assert.equal(b.cycles, 5724);
  assert.match(b.ac, /16$/);
  assert.deepEqual(complaints, []);
});

test("lesson 12: a whole machine goes over a cable", async () => {
  const { page } = await wired("a whole machine over the wire");
  for (const name of ["A", "B"]) await page.evaluate((name) => emu704.tools.lessons.wired.of(name).speed("full"), name);
  await page.getByRole("button", { name: "start both" }).click();
  const [a, b] = [await stopped(page, "A"), await stopped(page, "B")];
  assert.equal(a.cycles, 1542762);
  assert.equal(b.cycles, 1342545);
  for (const { ac } of [a, b]) assert.match(ac, /303240$/);
});

test("lesson 12: many clicks make two machines; a cable that is pulled out tears nothing else", async () => {
  const { page, complaints } = await wired("five words over the wire");
  await page.evaluate(() => {
    const buttons = [...document.querySelectorAll(".wired > .acts button")];
    for (let n = 0; n < 5; n++) for (const button of buttons.slice(0, 3)) button.click();
    buttons[1].click();
  });
  await page.getByText(/LOAD TAPE at B: its operator/).waitFor();
  assert.equal(await page.locator(".wired .pane").count(), 2);
  await page.getByRole("button", { name: "start both" }).click();
  await page.waitForFunction(() => emu704.tools.lessons.wired.of("B").machine.told.readings.counter !== "00000", null, { timeout: 30000 });
  await page.getByRole("button", { name: "pull the cable out" }).click();
  // both machines are there, and can be used again
  await page.getByRole("button", { name: "five words over the wire" }).click();
  await page.getByText(/Press START at both/).waitFor();
  await page.getByRole("button", { name: "start both" }).click();
  assert.equal((await stopped(page, "B")).cycles, 5724);
  assert.deepEqual(complaints, []);
});

test("lesson 12: one machine repeats what it has heard, from a recording", async () => {
  const { page } = await all.open({}, `${all.server.url}#lesson=12`);
  await page.locator(".programs li", { hasText: "12-hear.sap" }).getByRole("button", { name: "run", exact: true }).click();
  await page.waitForFunction(() => !emu704.machine.told.going && /00116/.test(emu704.machine.told.state));
  assert.match(await page.locator('[data-reading="accumulator"]').first().textContent(), /16$/);
  // the room can be saved with it
  await page.evaluate(() => emu704.machine.call("keep"));
});
