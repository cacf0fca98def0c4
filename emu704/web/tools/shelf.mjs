// The files that lie on the page's shelf from the start, as JSON: emu704/web/build calls it.
import { readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");

/** The first remark of a source is its title. */
const title = (source) => /REM (.*)/.exec(source)?.[1].trim() ?? "";

const programs = ["heat", "attract", "primes", "squares"].map((name) => {
  const source = text(`programs/${name}.sap`);
  return { name: `${name}.sap`, title: title(source), place: "program", text: source };
});
process.stdout.write(JSON.stringify(programs));
