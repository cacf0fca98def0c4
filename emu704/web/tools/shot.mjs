// Takes pictures of the page: node tools/shot.mjs FOLDER [WIDTH...]. With a tool's name in TOOLS, such as `bench lessons`, those are open.
import { begin } from "../test/common/page.mjs";

const [folder, ...widths] = process.argv.slice(2);
const tools = (process.env.TOOLS ?? "").split(" ").filter(Boolean);
const all = await begin();
for (const width of widths.length > 0 ? widths.map(Number) : [390, 768, 1400, 2560]) {
  for (const colorScheme of (process.env.SCHEME ?? "light dark").split(" ")) {
    const height = Math.round(width < 600 ? width * 2.1 : width * 0.66);
    const { page, context, complaints } = await all.open({ viewport: { width, height }, colorScheme });
    for (const tool of tools) await page.evaluate((tool) => emu704.tools.open(tool), tool);
    if (tools.includes("bench")) await page.evaluate(async () => (await emu704.tools.open("bench")).fromShelf("heat.sap"));
    await new Promise((done) => setTimeout(done, 1500));
    await page.screenshot({ path: `${folder}/${[width, colorScheme, ...tools].join("-")}.png`, fullPage: process.env.FULL === "1" });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    console.log(width, colorScheme, wide > 0 ? `too wide by ${wide}` : "", complaints.join("; "));
    await context.close();
  }
}
await all.close();
