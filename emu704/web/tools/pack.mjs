// Packs the files of the page for the command `emu704 web`: node pack.mjs FOLDER. A file is a line with its name and its length, and its
// bytes. The page as one file has marks in the place of the programs, which are there already: the command puts them in again.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const names = readdirSync(folder).filter((name) => name !== "page.pack").sort();
const parts = names.flatMap((name) => {
  let bytes = readFileSync(join(folder, name));
  if (name === "single.html") {
    const inside = (name) => readFileSync(join(folder, name)).toString("base64");
    bytes = Buffer.from(bytes.toString("utf8").replace(inside("emu704_bg.wasm"), "@WASM@").replace(inside("emu704_rest.wasm"), "@REST@").replace(inside("workbench_bg.wasm"), "@BENCH@"));
  }
  return [Buffer.from(`${name} ${bytes.length}\n`), bytes];
});
writeFileSync(join(folder, "page.pack"), Buffer.concat(parts));
