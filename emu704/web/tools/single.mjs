// Makes one file of the page, which a browser opens without a server: node single.mjs STAGE FOLDER. Scripts are joined by esbuild; the
// worker's script and the program are inside as text.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { image, joined, text as inText } from "./joined.mjs";

const [stage, folder] = process.argv.slice(2);
const text = (name) => readFileSync(join(folder, name), "utf8");

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const base64 = (name) => readFileSync(join(folder, name)).toString("base64");
const inside = {
  shelf: JSON.parse(text("shelf.json")), lessons: JSON.parse(text("lessons.json")), bench: { worker: joined(join(stage, "bench.worker.js")) },
};
const wasm = base64("emu704_bg.wasm");
// no text within may end the script
const script = `globalThis.EMU704=${JSON.stringify(inside).replaceAll("<", "\\u003c")};\n${joined(join(stage, "main.js"), { ...inText(joined(join(stage, "worker.js"))), ...image(readFileSync(join(stage, "heat.oct"), "utf8")) }).replaceAll("</script", "<\\/script")}`;
const style = text("style.css");
const policy = `default-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; style-src ${hash(style)}; img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'`;
const page = text("index.html")
  .replace(/content="default-src[^"]*"/, () => `content="${policy}"`)
  .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
  .replace(/<link rel="(modulepreload|preload)"[^>]*>\n/g, "")
  .replace(/<script type="module"[^>]*><\/script>/, "")
  .replace("</body>", () => `<script type="text/plain" id="wasm">${wasm}</script>\n<script type="text/plain" id="rest">${base64("emu704_rest.wasm")}</script>\n<script type="text/plain" id="bench-wasm">${base64("workbench_bg.wasm")}</script>\n<script>${script}</script>\n</body>`);
writeFileSync(join(folder, "single.html"), page);
