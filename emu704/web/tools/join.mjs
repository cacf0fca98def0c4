// Joins and shortens the scripts: node join.mjs STAGE FOLDER. Each tool of the page stays a file of its own, and so do the workers. The
// head of the page names what is needed at once, so that all of it is asked for together.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, buildSync } from "esbuild";
import { image, joined, text } from "./joined.mjs";

const [stage, folder] = process.argv.slice(2);
const web = fileURLToPath(new URL("../", import.meta.url));
const options = {
  absWorkingDir: resolve(stage), bundle: true, format: "esm", minify: true, charset: "utf8", legalComments: "none", logLevel: "warning",
  outdir: resolve(folder),
};
// the worker of the machines comes with the page, as text; that of the workbench is a file of its own
const worker = joined(join(stage, "worker.js"));

// One file for the first lamp: a browser on a slow processor pays for each. The files that come later take the modules in it from there.
const own = { ...text(worker), ...image(readFileSync(join(stage, "heat.oct"), "utf8")) };
const alone = buildSync({ ...options, entryPoints: ["main.js"], external: ["./house.js"], define: own, metafile: true, write: false });
const first = Object.keys(alone.metafile.inputs);
const named = (/** @type {(name: string) => string | null} */ instead) => ({
  name: "names",
  setup: (build) => build.onResolve({ filter: /^\.\// }, ({ path }) => (instead(basename(path)) ? { path: instead(basename(path)), external: true } : null)),
});
const { metafile } = await build({
  ...options, entryPoints: ["house.js"], entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", splitting: true, metafile: true, define: own,
  plugins: [named((name) => (first.includes(name) ? "./main.js" : name === "editor.js" ? "./editor.js" : null))],
});
const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
const [house] = [...outputs].find(([, { entryPoint }]) => entryPoint === "house.js");
const contents = first.map((name) => (name === "main.js" ? 'import "./main.js";' : `export * from "./${name}";`)).join("\n");
await build({
  ...options, stdin: { contents, resolveDir: resolve(stage), sourcefile: "first.js" }, outdir: undefined, outfile: join(resolve(folder), "main.js"), define: own,
  plugins: [named((name) => (name === "house.js" ? `./${house}` : null))],
});
buildSync({ ...options, entryPoints: ["bench.worker.js"] });
// the page as one file takes it from there
buildSync({ ...options, absWorkingDir: web, entryPoints: ["editor/editor.js"], outdir: resolve(stage) });
copyFileSync(join(stage, "editor.js"), join(folder, "editor.js"));

/** Files that the rest of the page cannot begin without. */
const later = new Set([house]);
for (const name of later) for (const { path, kind } of outputs.get(name)?.imports ?? []) if (kind === "import-statement" && basename(path) !== "main.js") later.add(basename(path));
const preloads = [
  '<link rel="preload" as="fetch" crossorigin href="emu704_bg.wasm">',
  // everything around the console: it comes while the program does, and waits for the first lamp
  ...[...later].sort().map((name) => `<link rel="modulepreload" href="${name}" fetchpriority="low">`),
];
const page = readFileSync(join(web, "index.html"), "utf8");
writeFileSync(join(folder, "index.html"), page.replace("<!-- preloads -->", preloads.join("\n")));
