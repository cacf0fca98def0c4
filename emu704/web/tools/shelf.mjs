// The files that lie on the page's shelf from the start, as JSON: emu704/web/build calls it.
import { readFileSync, readdirSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");

/** The first remark of a source is its title. */
const title = (source) => /REM (.*)/.exec(source)?.[1].trim() ?? "";
const names = (folder, pattern) => readdirSync(new URL(folder, root)).filter((name) => pattern.test(name)).sort();

const program = (path, name) => {
  const source = text(path);
  return { name, title: title(source), place: "program", text: source };
};
const shelf = [
  ...["heat", "attract", "primes", "squares", "small", "sort", "drums"].map((name) => program(`programs/${name}.sap`, `${name}.sap`)),
  ...names("programs/crt", /\.sap$/).map((name) => program(`programs/crt/${name}`, name)),
  ...names("programs/lessons", /\.sapf?$/).map((name) => program(`programs/lessons/${name}`, name)),
  { name: "06-cards.txt", title: "the cards of lesson 6", place: "cards", text: text("programs/lessons/06-cards.txt") },
  {
    name: "small-4k.tap", title: "a checkpoint of small.sap, from the archive's own tapes", place: "tape",
    base64: readFileSync(new URL("tapes/small-4k.tap", root)).toString("base64"),
  },
];
process.stdout.write(JSON.stringify(shelf));
