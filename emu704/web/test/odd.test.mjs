// What visitors and browsers do that nobody expects: odd files, full storage, damaged links, foreign frames, quick fingers, a worker that dies.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { begin } from "./common/page.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

const status = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById("status").textContent), pattern.source, { timeout: 15000 });

/** Drops a file. */
async function drop(page, selector, name, bytes) {
  const files = await page.evaluateHandle(([name, bytes]) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(bytes)], name));
    return files;
  }, [name, bytes]);
  await page.locator(selector).first().dispatchEvent("drop", { dataTransfer: files });
}
const text = (text) => [...new TextEncoder().encode(text)];

test("odd files are named, and nothing breaks", async () => {
  const { page, complaints } = await all.open();
  const unit = ".unit-box:nth-child(2)";
  await drop(page, unit, "one.tap", [7]);
  await status(page, /^one\.tap is not a reel: .*unknown kind of file/);
  await drop(page, unit, "picture.tap", [0x89, ...text("PNG\r\n\x1a\n")]);
  await status(page, /^picture\.tap is not a reel: it is a picture/);
  await drop(page, unit, "text.tap", text("HELLO\n"));
  await status(page, /^text\.tap is not a reel: it is text, and belongs on the card reader/);
  // options of the command line are no advice in a page
  await drop(page, ".shelf", "zeros.bin", 1000000);
  await status(page, /^zeros\.bin is not for a 704/);
  assert.doesNotMatch(await page.locator("#status").textContent(), /--/);
  await drop(page, unit, "<img src=x onerror=alert(1)>.tap", []);
  await status(page, /a blank reel/);
  await page.waitForFunction(() => emu704.machine.told.tapes.some(({ unit }) => unit === 2));
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(complaints, []);
});

test("a file that misses its place does not take the page away", async () => {
  const { page } = await all.open();
  const taken = await page.evaluate(() => ["dragover", "drop"].map((kind) => {
    const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() });
    document.querySelector(".panel").dispatchEvent(event);
    return event.defaultPrevented;
  }));
  assert.deepEqual(taken, [true, true]);
  await status(page, /Drop it on the unit/);
});

const STORAGES = {
  "no storage at all": [() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }), /keeps nothing for this page/],
  "storage that is forbidden": [() => Object.defineProperty(globalThis, "indexedDB", { get() { throw new DOMException("denied", "SecurityError"); } }), /keeps nothing for this page/],
  "storage that does not answer": [() => { indexedDB.open = () => ({}); }, /keeps nothing for this page/],
  "storage that is full": [() => { IDBObjectStore.prototype.put = () => { throw new DOMException("the disk is full", "QuotaExceededError"); }; }, /The room is not saved: the disk is full/],
};
for (const [name, [script, pattern]] of Object.entries(STORAGES)) {
  test(`${name}: the machine runs, and the page says that nothing is kept`, async () => {
    const { page, complaints } = await all.open({}, all.server.url, (page) => page.addInitScript(script));
    await status(page, pattern);
    assert.equal(await page.evaluate(() => emu704.machine.told.going), true);
    await drop(page, ".shelf", "mine.sap", text("       ORG 64\nSTART  HTR START\n       END START\n"));
    await page.waitForFunction(() => emu704.shelf.items.has("mine.sap"));
    assert.deepEqual(complaints, []);
  });
}

const packed = (bytes) => deflateRawSync(bytes).toString("base64url");
const DAMAGED = {
  "no base64": "sap=%25%25%25", "cut off": `sap=${packed("       HTR 0\n".repeat(99)).slice(0, 9)}`, "100 kB of nonsense": `sap=${"x".repeat(100000)}`,
  "50 MB when unpacked": `sap=${packed(Buffer.alloc(50_000_000, "A"))}`, "a switch that is not there": "sense=79", "bad keys": "keys=abc", "bad speed": "speed=warp",
  "bad act": `job=${packed("mount 1 /etc/passwd")}`, "a name with a path": "sense=1&name=../../etc",
};
test("a damaged link says so, and the visitor's own room comes", async () => {
  for (const [name, hash] of Object.entries(DAMAGED)) {
    const { page, context, complaints } = await all.open({}, `${all.server.url}#${hash}`);
    assert.match(await page.locator("#status").textContent(), /^The link (is damaged|has a bad).* Nothing of it was taken/, name);
    assert.equal(await page.evaluate(() => emu704.machine.told.going), true, name);
    assert.equal(await page.locator(".guest").isVisible(), false, name);
    assert.deepEqual(complaints, [], name);
    await context.close();
  }
  const { page } = await all.open({}, `${all.server.url}#lesson=99`);
  await status(page, /There is no lesson 99/);
});

test("in a frame of another site, and in one that may do nothing but run", async () => {
  const other = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<title>another site</title><iframe src="${all.server.url}#lesson=3&embed"></iframe><iframe sandbox="allow-scripts" src="${all.server.url}#embed"></iframe>`);
  });
  await new Promise((done) => other.listen(0, "127.0.0.1", done));
  const page = await (await all.browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${other.address().port}/`);
  for (const frame of page.frames().slice(1)) {
    await frame.waitForFunction(() => globalThis.emu704?.ready, null, { timeout: 30000 });
    assert.equal(await frame.evaluate(() => emu704.machine.told.going), true);
  }
  other.close();
});

test("quick fingers: each stroke counts", async () => {
  const { page } = await all.open();
  await page.evaluate(() => emu704.machine.call("halt"));
  const checked = (part) => page.evaluate((part) => [...document.querySelectorAll(`#room [data-part="${part}"]`)].map((key) => key.getAttribute("aria-checked") === "true"), part);
  await page.evaluate(() => { for (let n = 0; n < 9; n++) document.querySelector('#room [data-part="SENSE SWITCH 2"]').click(); });
  await page.evaluate(() => { for (const key of document.querySelectorAll('#room [data-part="ENTRY KEYS"]')) key.click(); });
  await page.waitForFunction(async () => emu704.panel.keys.picture.sense[1] === true && emu704.panel.keys.picture.keys === 2 ** 36 - 1);
  assert.deepEqual(await checked("SENSE SWITCH 2"), [true]);
  assert.ok((await checked("ENTRY KEYS")).every(Boolean));
});

test("a worker that dies is told, and a saved room comes back", async () => {
  const { page, complaints } = await all.open();
  await page.evaluate(async () => {
    await emu704.machine.call("halt");
    await emu704.desk.command("deposit 1000 123456701234");
    emu704.keeper.dirty = true;
    await emu704.keeper.keep();
    emu704.engine.worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
  });
  await status(page, /does not answer any more: out of memory. Load the page again/);
  await page.getByRole("button", { name: "START", exact: true }).click();
  await status(page, /does not answer any more/);
  assert.deepEqual(complaints, []);
  await page.reload();
  await status(page, /The room is as you left it/);
});
