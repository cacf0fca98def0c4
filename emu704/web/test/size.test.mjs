// What comes through the wire, and what the page is allowed to do.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { DIST, HEADERS, begin } from "./common/page.mjs";
import { visit } from "./common/visit.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

/** Compressed bytes of files that were asked for, each once. */
const weigh = (paths) => [...new Set(paths)].map((path) => {
  const bytes = readFileSync(join(DIST, path === "/" ? "index.html" : path));
  return { path, size: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }).length };
});
const sum = (list) => list.reduce((total, { size }) => total + size, 0);

test("what a visitor gets before the editor opens", async (context) => {
  const begun = all.server.asked.length;
  const { page } = await all.open();
  const first = weigh(all.server.asked.slice(begun).filter((path) => path !== "/favicon.ico"));
  const wasm = first.find(({ path }) => path.endsWith(".wasm")).size;
  context.diagnostic(`first ${sum(first)} bytes, of which the machine ${wasm}, the page ${sum(first) - wasm}`);
  const before = all.server.asked.length;
  for (const tool of ["bench", "lessons", "core", "monitor"]) await page.evaluate((tool) => emu704.tools.open(tool), tool);
  const more = weigh(all.server.asked.slice(before));
  context.diagnostic(`all tools ${sum(more)} bytes more`);
  assert.ok(sum(first) < LIMIT, `${sum(first)} bytes`);
});

/** Compressed bytes before the editor opens, at most. */
const LIMIT = 350000;

test("a visit without the tools needs the first part of the program only", async () => {
  const begun = all.server.asked.length;
  const { page, complaints } = await all.open();
  await visit(page);
  assert.deepEqual(complaints, []);
  assert.ok(!all.server.asked.slice(begun).includes("/emu704_rest.wasm"));
});

test("parts of two builds of the program do not join", async () => {
  const { page, context } = await all.open();
  const other = Buffer.from(readFileSync(join(DIST, "emu704_rest.wasm")));
  other.write("rest-00000000", other.indexOf("rest-"));
  await context.route("**/emu704_rest.wasm", (route) => route.fulfill({ body: other, contentType: "application/wasm" }));
  const said = () => page.evaluate(() => emu704.machine.call("rest").then(() => "taken", (error) => error.message));
  assert.match(await said(), /load the page again/);
  // and the machine still goes
  assert.equal(await page.evaluate(() => emu704.machine.told.going), true);
  await context.unroute("**/emu704_rest.wasm");
  assert.equal(await said(), "taken");
  await context.close();
});

test("a function that nobody expected is waited for", async () => {
  const { page } = await all.open();
  const asked = all.server.asked.length;
  // the worker does not know beforehand that this needs the rest: the program itself asks, in the middle of a call
  const answered = await page.evaluate(async () => {
    const [one, two] = [await emu704.engine.open("one", "4k"), await emu704.engine.open("two", "4k")];
    await one.call("cable", 1, "two", 2);
    return Promise.all([one, two].map((machine) => machine.call("cycles")));
  });
  assert.ok(all.server.asked.slice(asked).includes("/emu704_rest.wasm"));
  assert.deepEqual(answered, [0, 0]);
});

test("the policy is strict, and the same in the page and in the headers", () => {
  const page = /Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(join(DIST, "index.html"), "utf8"))[1];
  const header = HEADERS["Content-Security-Policy"];
  // only a header can say who may embed the page
  assert.equal(header.replace(/; frame-ancestors.*/, ""), page);
  assert.ok(page.startsWith("default-src 'none'"));
  assert.doesNotMatch(page, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|\*|https?:/);
});

test("no file of the page names another place to load from", () => {
  for (const name of readdirSync(DIST).filter((name) => /\.(js|css|html)$/.test(name) && !["editor.js", "single.html"].includes(name))) {
    const text = readFileSync(join(DIST, name), "utf8").replaceAll("http://www.w3.org/2000/svg", "");
    assert.doesNotMatch(text, /(src|href)="(https?:)?\/\/|fetch\(\s*["'`]https?:|import\(\s*["'`]https?:|@import|url\(https?:/, name);
  }
});
