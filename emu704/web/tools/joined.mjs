// Scripts joined to one that asks for no other.
import { buildSync } from "esbuild";

/** A script with all that it imports. @param {string} path @param {Record<string, string>} [define] */
export function joined(path, define = {}) {
  const { outputFiles } = buildSync({
    entryPoints: [path], bundle: true, write: false, format: "iife", minify: true, charset: "utf8", legalComments: "none", logLevel: "error",
    // nothing is asked for by its address in one file
    define: { "import.meta.url": '"about:blank"', ...define },
  });
  return outputFiles[0].text;
}

/** The worker's script as the page has it in itself: see start.js. @param {string} worker */
export const text = (worker) => ({ "globalThis.EMU704_WORKER": JSON.stringify(worker) });

/** The core image of the first program: see house.js. @param {string} image */
export const image = (image) => ({ "globalThis.EMU704_FIRST": JSON.stringify(image) });
