// The first program as a core image, by the assembler of the workbench: node image.mjs FOLDER, where the workbench's program is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { Workbench, initSync } = await import(pathToFileURL(join(folder, "workbench.js")));
initSync({ module: readFileSync(join(folder, "workbench_bg.wasm")) });
process.stdout.write(new Workbench().image(readFileSync(new URL("../../../programs/heat.sap", import.meta.url), "utf8"), false));
