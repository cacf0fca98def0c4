// Names the modules that the page needs at once in its head, so that they are asked for together: node modules.mjs SOURCES FOLDER. What
// is loaded later, by `import()`, is not among them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [sources, folder] = process.argv.slice(2);
const found = new Set();
const follow = (name) => {
  if (found.has(name)) return;
  found.add(name);
  const text = readFileSync(join(folder, name), "utf8");
  for (const [, other] of text.matchAll(/^(?:import|export) [^"]*?from "\.\/([^"]+)"/gm)) follow(other);
};
follow("main.js");
const links = [...found].filter((name) => name !== "main.js").sort().map((name) => `<link rel="modulepreload" href="${name}">`);
const page = readFileSync(join(sources, "index.html"), "utf8");
writeFileSync(join(folder, "index.html"), page.replace("<!-- modules -->", links.join("\n")));
