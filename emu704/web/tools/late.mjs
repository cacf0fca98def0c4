// Which functions of the rest of the program a visit without the tools asks for: node tools/late.mjs STAGE, where STAGE is target/page.
// If one shows up here, it belongs into the first part, or the page should have asked before: see later.mjs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DIST, begin } from "../test/common/page.mjs";
import { visit } from "../test/common/visit.mjs";

const listed = readFileSync(join(process.argv[2], "emu704_bg.wasm.txt"), "utf8").trim().split("\n").map((line) => line.split(" "));
const names = new Map(listed.map(([, , index, ...name]) => [index, name.join(" ")]));
// The mark that all is there is never set: each call asks again. The worker is a text in the page's script: no quotes in what is put there.
const script = readFileSync(join(DIST, "main.js"), "utf8").replace(/\w+\.ready\.value=1/, "globalThis.all=1").replace(
  /\w+\.ready\.value===1/,
  "globalThis.all===1&&(e=>{globalThis.seen??=new Set;const s=(Error.stackTraceLimit=40,Error().stack);seen.has(s)||(seen.add(s),console.debug(/asked/.source,s));return 1})()",
);
const all = await begin();
const told = new Set();
const { page } = await all.open({}, all.server.url, async (page) => {
  await page.context().route("**/main.js", (route) => route.fulfill({ body: script, contentType: "text/javascript" }));
  page.on("console", (message) => {
    const called = [...message.text().matchAll(/wasm-function\[(\d+)\]/g)].map(([, index]) => names.get(index) ?? index);
    if (!message.text().startsWith("asked") || told.has(called[0])) return;
    told.add(called[0]);
    console.log(called.slice(0, 6).join("\n    "));
  });
});
await visit(page);
await all.close();
