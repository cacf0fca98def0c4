// The page as one file, opened without a server.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { DIST, begin } from "./common/page.mjs";

const skip = existsSync(`${DIST}single.html`) ? false : "the page as one file was not made";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

test("primes in the page as one file, from file://", { skip }, async () => {
  const { page, complaints } = await all.open({}, `file://${DIST}single.html`);
  const run = await page.evaluate(async () => {
    const machine = await emu704.engine.open("test", "32k");
    let paper = "";
    machine.addEventListener("told", (event) => (paper += event.detail.paper));
    await machine.call("put_file", "primes.sap", emu704.shelf.items.get("primes.sap").bytes);
    await machine.call("command", "load primes.sap");
    await machine.call("go");
    await machine.call("run_to_stop", 1e8);
    return { cycles: await machine.call("cycles"), paper };
  });
  // as `emu704 run programs/primes.sap --json` counts them
  assert.equal(run.cycles, 3837110);
  assert.match(run.paper, /2262 PRIMES/);
  assert.deepEqual(complaints, []);
});

test("the workbench and the lessons in one file", { skip }, async () => {
  const { page, complaints } = await all.open({}, `file://${DIST}single.html`);
  const verdict = await page.evaluate(async () => {
    const lessons = await emu704.tools.open("lessons");
    const [lesson] = lessons.lessons;
    const bench = await lessons.open(lesson.files.find(({ name }) => name === "01-answer.sap"));
    return bench.checker.exercise(lesson.exercises[0].json, bench.source, false);
  });
  assert.equal(verdict.right, true);
  // the editor is there, and not what stands in for it
  assert.equal(await page.locator(".cm-content").count(), 1);
  assert.deepEqual(complaints, []);
});
