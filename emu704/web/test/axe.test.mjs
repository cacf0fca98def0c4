// The page for everybody: axe-core finds nothing, at any width, light and dark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { begin } from "./common/page.mjs";

/** @type {Awaited<ReturnType<typeof begin>>} */
let all;
before(async () => {
  all = await begin();
});
after(() => all.close());

const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

for (const [hash, width, colorScheme] of [["", 390, "light"], ["", 1400, "dark"], ["#story", 1400, "light"], ["#story", 768, "dark"]]) {
  test(`axe finds nothing in ${hash || "the room"} at ${width} pixels, ${colorScheme}`, async () => {
    const { page, context } = await all.open({ bypassCSP: true, colorScheme, viewport: { width, height: 900 } }, all.server.url + hash);
    if (hash === "#story") await page.waitForSelector(".panes");
    await page.addScriptTag({ content: axe });
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    assert.deepEqual(told, []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} pixels wider than the screen`);
    await context.close();
  });
}

test("nothing turns for people who want nothing to move", async () => {
  const { page } = await all.open({ reducedMotion: "reduce" });
  await page.getByRole("switch", { name: "sense switch 1" }).click();
  await page.waitForFunction(() => emu704.machine.told.tapes[0]?.does === "writes");
  const turn = () => page.locator(".unit-box:first-child .unit g[transform^=rotate]").count();
  assert.equal(await turn(), 0);
  await page.waitForTimeout(500);
  assert.equal(await turn(), 0);
});
