// Packs the files of the page for the command `emu704 web`: node pack.mjs FOLDER. A file is a line with its name and its length, and its
// bytes. The page as one file has a mark in the place of the program, which is there already: the command puts it in again.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const names = readdirSync(folder).filter((name) => name !== "page.pack").sort();
const parts = names.flatMap((name) => {
  let bytes = readFileSync(join(folder, name));
  if (name === "single.html") {
    const wasm = readFileSync(join(folder, "emu704_bg.wasm")).toString("base64");
    bytes = Buffer.from(bytes.toString("utf8").replace(wasm, "@WASM@"));
  }
  return [Buffer.from(`${name} ${bytes.length}\n`), bytes];
});
writeFileSync(join(folder, "page.pack"), Buffer.concat(parts));
