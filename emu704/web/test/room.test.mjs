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
  await status(page, /a\.pdf is not a reel: it is a PDF document/);
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
  await page.getByRole("button", { name: /^UNLOAD/ }).click();
  await page.waitForFunction(() => /no reel/.test(document.querySelector(".unit-box:nth-child(4) figcaption").textContent));
});

test("the keys of a tape unit act", async () => {
  const { page } = await all.open();
  const caption = (pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector(".unit-box:nth-child(1) figcaption").textContent), pattern.source);
  const press = async (key) => {
    await page.getByRole("button", { name: "tape unit 1", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: key }).click();
  };
  await page.evaluate(() => emu704.desk.speed("full"));
  // the job writes a checkpoint of some feet
  await page.evaluate(() => emu704.desk.act("sense 1 down"));
  await page.waitForFunction(async () => (await emu704.machine.call("reel", 1))?.length > 49000, null, { polling: 200 });
  await page.evaluate(() => emu704.desk.act("sense 1 up"));
  await page.evaluate(() => emu704.machine.call("halt"));
  await press(/^RESET/);
  await caption(/not ready/);
  assert.equal(await page.evaluate(() => emu704.panel.machine.told.tapes[0].lights.ready), false);
  // a program that wants the unit waits
  await page.evaluate(() => emu704.desk.act("clear").then(() => emu704.desk.act("load tape")));
  await page.waitForFunction(() => /tape 1|waiting/i.test(emu704.machine.told.state) && !emu704.machine.told.going, null, { timeout: 10000 });
  await press(/^START/);
  await page.waitForFunction(() => emu704.machine.told.tapes[0].lights.ready);
  await press(/^RING: take/);
  await caption(/0\.0 ft, no ring, at the load point/);
  await press(/^RING: put/);
  await caption(/ring in, at the load point/);
  // nothing of the reel is lost by all that
  assert.ok(await page.evaluate(async () => (await emu704.machine.call("reel", 1)).length) > 49000);
  await press(/^LOAD REWIND/);
  await caption(/at the load point/);
  await press(/^UNLOAD/);
  await caption(/no reel/);
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

test("two tabs do not write over each other's room", async () => {
  const { page, context } = await all.open();
  await page.evaluate(() => emu704.machine.call("halt"));
  await page.evaluate(() => emu704.desk.act("keys 000000000704"));
  await page.evaluate(() => emu704.keeper.keep());
  const second = await context.newPage();
  await second.goto(all.server.url);
  await second.waitForFunction(() => globalThis.emu704?.ready);
  await status(second, /open in another tab/);
  await second.evaluate(() => emu704.desk.act("keys 000000000001"));
  await second.evaluate(() => emu704.keeper.keep());
  await second.close();
  await page.reload();
  await page.waitForFunction(() => globalThis.emu704?.ready);
  await status(page, /as you left it/);
  assert.equal(await page.evaluate(async () => JSON.parse(await emu704.machine.call("save")).machine.console.keys), await page.evaluate(async () => {
    await emu704.desk.act("keys 000000000704");
    return JSON.parse(await emu704.machine.call("save")).machine.console.keys;
  }));
});

test("a room that cannot be restored is not lost", async () => {
  const { page, context } = await all.open();
  const kept = (page) => page.evaluate(async () => (await emu704.shelf.room("A"))?.snapshot);
  await page.evaluate(() => emu704.machine.call("halt"));
  await page.evaluate(() => emu704.keeper.keep());
  const before = await kept(page);
  // the second part of the program does not come
  await context.route("**/emu704_rest.wasm", (route) => route.abort());
  await page.reload();
  await page.waitForFunction(() => globalThis.emu704?.ready);
  await status(page, /cannot be restored now, and stays/);
  await page.evaluate(() => emu704.machine.call("go"));
  await page.evaluate(() => emu704.keeper.keep());
  assert.equal(await kept(page), before);
  await context.unroute("**/emu704_rest.wasm");
  // the room is damaged
  await page.evaluate(async (text) => emu704.shelf.put([], { name: "A", snapshot: text, paper: "", at: 0 }), before.slice(0, -9));
  await page.reload();
  await page.waitForFunction(() => globalThis.emu704?.ready);
  await status(page, /on the shelf as old-room.json.*snapshot/);
  assert.equal(await page.evaluate(() => new TextDecoder().decode(emu704.shelf.items.get("old-room.json").bytes)), before.slice(0, -9));
  // and the new room is kept
  await page.evaluate(() => emu704.keeper.keep());
  assert.notEqual(await kept(page), before.slice(0, -9));
});
