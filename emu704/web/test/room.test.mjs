// The machine room in a real browser: reels go on units, files are recognised, and the room comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { begin } from "./common/page.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

const status = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById("status").textContent), pattern.source);

/** Drops a file on an element. */
const drop = (page, selector, name, text) => page.evaluate(([selector, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.querySelector(selector).dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}, [selector, name, text]);

test("what is no reel does not go on a tape unit", async () => {
  const { page } = await all.open();
  await drop(page, ".unit-box:nth-child(3)", "a.pdf", "%PDF-1.4\n");
  await status(page, /a\.pdf is no reel: it is a PDF document/);
  assert.match(await page.locator(".unit-box:nth-child(3) figcaption").textContent(), /no reel/);
  await drop(page, ".card-box", "deck.txt", "A CARD\nANOTHER\n");
  await page.waitForFunction(() => /2 cards in the hopper/.test(document.querySelector(".card-box p").textContent));
});

test("a reel is put on and taken off by hand", async () => {
  const { page } = await all.open();
  await page.getByRole("button", { name: "tape unit 4" }).click();
  await page.getByRole("button", { name: "a blank reel, ring in" }).click();
  await page.waitForFunction(() => /ring in, at the load point/.test(document.querySelector(".unit-box:nth-child(4) figcaption").textContent));
  await page.getByRole("button", { name: "tape unit 4" }).click();
  await page.getByRole("button", { name: "take it off" }).click();
  await page.waitForFunction(() => /no reel/.test(document.querySelector(".unit-box:nth-child(4) figcaption").textContent));
});

test("the reels that lie on the shelf from the start load themselves", async () => {
  const { page } = await all.open();
  await page.evaluate(async () => {
    await emu704.machine.call("halt");
    await emu704.desk.act("detach 1");
    await emu704.desk.speed("full");
  });
  await page.getByRole("button", { name: "tape unit 1", exact: true }).click();
  await page.getByRole("button", { name: /^heat-checkpoint.tap/ }).click();
  await page.waitForFunction(() => emu704.machine.told.tapes[0]?.label === "heat-checkpoint.tap");
  await page.getByRole("button", { name: "CLEAR" }).click();
  await page.getByRole("button", { name: "LOAD TAPE" }).click();
  await page.waitForFunction(() => /SIGNATURE/.test(emu704.desk.printer.text) && !emu704.machine.told.going, null, { timeout: 20000 });
  // and the strong pair: the finder looks at both reels
  await page.evaluate(async () => {
    emu704.desk.printer.clear();
    await emu704.desk.act("detach 1");
    await emu704.desk.mount(1, "strong-1.tap", false);
    await emu704.desk.mount(2, "strong-2.tap", false);
    await emu704.desk.act("clear");
    await emu704.desk.act("load tape");
  });
  await page.waitForFunction(() => /SIGNATURE/.test(emu704.desk.printer.text), null, { timeout: 20000 });
  const keys = await page.evaluate(async () => {
    await emu704.desk.mount(3, "sort-keys.tap", false);
    return emu704.machine.call("command", "tapes");
  });
  assert.match(keys, /sort-keys/);
  assert.ok(await page.evaluate(() => emu704.shelf.items.get("sort-keys.tap").bytes.length > 60000));
});

test("a tab that is killed in a checkpoint comes back with what was kept", async () => {
  const { page, context } = await all.open();
  const state = (page) => page.evaluate(async () => ({
    cycles: await emu704.machine.call("cycles"), hash: await emu704.machine.call("core_hash"), going: emu704.machine.told.going,
    reel: (await emu704.machine.call("reel", 1))?.length,
  }));
  // a whole checkpoint, and then the middle of another
  await page.getByRole("switch", { name: "sense switch 1" }).click();
  await page.waitForFunction(() => emu704.machine.told.tapes[0]?.does === "writes");
  await page.getByRole("switch", { name: "sense switch 1" }).click();
  await page.waitForFunction(() => emu704.machine.told.tapes[0]?.does === "stands" && emu704.machine.told.tapes[0].lights.load_point, null, { timeout: 20000 });
  await page.getByRole("switch", { name: "sense switch 1" }).click();
  await page.waitForFunction(() => emu704.machine.told.tapes[0]?.does === "writes");
  await page.evaluate(async () => {
    await emu704.machine.call("halt");
    await emu704.keeper.keep();
    emu704.keeper.dirty = true;
    await emu704.keeper.keep();
  });
  const before = await state(page);
  assert.ok(before.reel > 40000, `a reel of ${before.reel} bytes`);
  // the machine goes on, and the tab dies without a word
  await page.evaluate(() => {
    emu704.keeper.on = false;
    return emu704.machine.call("go");
  });
  await page.close({ runBeforeUnload: false });
  const again = await context.newPage();
  await again.goto(all.server.url);
  await again.waitForFunction(() => globalThis.emu704?.ready);
  const after = await state(again);
  assert.deepEqual(after, before);
  // and the checkpoint ends as if nothing had been
  await again.evaluate(() => emu704.machine.call("go"));
  await again.waitForFunction(() => emu704.machine.told.tapes[0]?.does === "rewinds", null, { timeout: 20000 });
});

test("points that are plotted glow on the tube, and stand on the film", async () => {
  const { page } = await all.open();
  await page.evaluate(async () => {
    await emu704.machine.call("halt");
    await emu704.machine.call("command", "load orbit.sap");
    await emu704.machine.call("go");
  });
  const brightest = () => page.evaluate(() => {
    const canvas = document.querySelector(".face canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let most = 0;
    for (let n = 1; n < data.length; n += 4) most = Math.max(most, data[n]);
    return most;
  });
  await page.waitForFunction(() => emu704.desk.crt.known.points > 20, null, { timeout: 20000 });
  await page.waitForTimeout(200);
  const lit = await brightest();
  // a dark tube has 16
  assert.ok(lit > 50, `the brightest point is ${lit}`);
  await page.evaluate(() => emu704.desk.speed("full"));
  await page.waitForFunction(() => !emu704.machine.told.going && /1 frame of film/.test(document.querySelector(".tube").textContent), null, { timeout: 20000 });
  assert.match(await page.evaluate(() => emu704.machine.call("film", 0)), /<svg/);
  // and it fades
  await page.waitForTimeout(5000);
  assert.ok((await brightest()) < lit);
});
