// How long it takes until the first lamp burns, and what comes through the wire until then: node tools/first.mjs [MEGABITS] [MILLISECONDS]
import { chromium } from "playwright-core";
import { CHROMIUM, FLAGS, serve } from "../test/common/page.mjs";

const [megabits, milliseconds] = [Number(process.argv[2] ?? 9), Number(process.argv[3] ?? 60)];
const server = await serve(true);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
for (const label of ["packing", "measured"]) {
  const page = await (await browser.newContext()).newPage();
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  if (label === "measured") {
    await client.send("Network.emulateNetworkConditions", { offline: false, latency: milliseconds, downloadThroughput: (megabits * 1e6) / 8, uploadThroughput: 1e6 });
  }
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(server.url);
  await page.waitForFunction(() => performance.getEntriesByName("first lamp").length > 0);
  const at = await page.evaluate(() => performance.getEntriesByName("first lamp")[0].startTime);
  if (label === "measured") console.log(`first lamp after ${at.toFixed(0)} ms, ${(bytes / 1024).toFixed(0)} KiB by then, at ${megabits} Mbit/s and ${milliseconds} ms`);
}
await browser.close();
server.close();
