// What the tests of the page share: a server of its files, and a browser.
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { chromium } from "playwright-core";

export const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

/** The browser of the system. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];

/** The headers that dist/_headers asks a server for. */
export const HEADERS = existsSync(join(DIST, "_headers"))
  ? Object.fromEntries(readFileSync(join(DIST, "_headers"), "utf8").split("\n").filter((line) => line.startsWith("  ")).map((line) => line.trim().split(/: (.*)/).slice(0, 2)))
  : {};

/** Serves the page; its address is told, and what was asked for. With `packed`, as a server on the network does it. */
export async function serve(packed = false) {
  const asked = [];
  const kept = new Map();
  const pack = (file, bytes) => {
    if (!kept.has(file)) kept.set(file, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    return kept.get(file);
  };
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    asked.push(path);
    const file = join(DIST, path === "/" ? "index.html" : path);
    try {
      const bytes = await readFile(file);
      const type = { ...HEADERS, "content-type": TYPES[extname(file)] ?? "application/octet-stream" };
      response.writeHead(200, packed ? { ...type, "content-encoding": "br" } : type);
      response.end(packed ? pack(file, bytes) : bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://localhost:${server.address().port}/`, asked, close: () => server.close() };
}

/** A browser, a server, and a page with the machine in it; all are closed behind the tests. */
export async function begin() {
  const server = await serve();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return {
    server,
    browser,
    /** Opens the page; what it complains of is kept in `complaints`. */
    async open(options = {}, url = server.url, before = (page) => {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      await before(page);
      await page.goto(url);
      await page.waitForFunction(() => globalThis.emu704?.ready, null, { timeout: 20000 });
      return { page, context, complaints };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
