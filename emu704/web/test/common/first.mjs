// The first visit over a slow line, with a slow processor.
import { chromium } from "playwright-core";
import { CHROMIUM, FLAGS, serve } from "./page.mjs";

/** @typedef {{ at: number, bytes: number }} First milliseconds from the call until a lamp shows the machine's state, and bytes until then */

/**
 * The page with nothing of it kept, by Chromium's own means to slow down line and processor. The server has its files packed already.
 * @param {{ megabits: number, milliseconds: number, slower: number }} line
 * @returns {Promise<First>}
 */
export async function firstLamp({ megabits, milliseconds, slower }) {
  const server = await serve(true);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const lit = (page) => page.waitForFunction(() => performance.getEntriesByName("first lamp").length > 0, null, { timeout: 60000 });
  // packs the files
  const packing = await (await browser.newContext()).newPage();
  await packing.goto(server.url);
  await lit(packing);
  await packing.close();
  const page = await (await browser.newContext()).newPage();
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", { offline: false, latency: milliseconds, downloadThroughput: (megabits * 1e6) / 8, uploadThroughput: 1e6 });
  await client.send("Emulation.setCPUThrottlingRate", { rate: slower });
  let bytes = 0;
  client.on("Network.dataReceived", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(server.url);
  await lit(page);
  const at = await page.evaluate(() => performance.getEntriesByName("first lamp")[0].startTime);
  const when = await page.evaluate(() => Object.fromEntries([
    ...performance.getEntriesByType("resource").map(({ name, responseEnd }) => [name.split("/").pop(), Math.round(responseEnd)]),
    ...performance.getEntriesByType("mark").map(({ name, startTime }) => [name, Math.round(startTime)]),
  ]));
  await browser.close();
  server.close();
  return { at, bytes, when };
}
