// What comes through the wire, and what the page is allowed to do.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { DIST, HEADERS, begin } from "./common/page.mjs";

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

/** Compressed bytes before the editor opens, at most: what is reached, and a little. The aim is 350,000; six sevenths of it all is the machine. */
const LIMIT = 500000;

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
