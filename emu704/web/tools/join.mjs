// Joins and shortens the scripts: node join.mjs STAGE FOLDER. Each tool of the page stays a file of its own, and so do the workers. The
// head of the page names what is needed at once, so that all of it is asked for together.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const [stage, folder] = process.argv.slice(2);
const web = fileURLToPath(new URL("../", import.meta.url));
const options = {
  absWorkingDir: resolve(stage), bundle: true, format: "esm", minify: true, charset: "utf8", legalComments: "none", logLevel: "warning",
  outdir: resolve(folder),
};
buildSync({ ...options, entryPoints: ["main.js"], splitting: true, chunkNames: "[name]-[hash]", external: ["./editor.js"] });
for (const worker of ["worker.js", "bench.worker.js"]) buildSync({ ...options, entryPoints: [worker] });
// the page as one file takes it from there
buildSync({ ...options, absWorkingDir: web, entryPoints: ["editor/editor.js"], outdir: resolve(stage) });
copyFileSync(join(stage, "editor.js"), join(folder, "editor.js"));

const found = new Set();
const follow = (name) => {
  if (found.has(name)) return;
  found.add(name);
  for (const [, other] of readFileSync(join(folder, name), "utf8").matchAll(/(?:import|from)"\.\/([^"]+)"/g)) follow(other);
};
follow("main.js");
const preloads = [
  ...[...found].filter((name) => name !== "main.js").sort().map((name) => `<link rel="modulepreload" href="${name}">`),
  ...["emu704_bg.wasm", "heat.oct"].map((name) => `<link rel="preload" as="fetch" crossorigin href="${name}">`),
];
const page = readFileSync(join(web, "index.html"), "utf8");
writeFileSync(join(folder, "index.html"), page.replace("<!-- preloads -->", preloads.join("\n")));
