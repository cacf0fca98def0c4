// Takes pictures of the page: node tools/shot.mjs FOLDER [WIDTH...]
import { begin } from "../test/common/page.mjs";

const [folder, ...widths] = process.argv.slice(2);
const all = await begin();
for (const width of widths.length > 0 ? widths.map(Number) : [390, 768, 1400, 2560]) {
  for (const colorScheme of ["light", "dark"]) {
    const height = Math.round(width < 600 ? width * 2.1 : width * 0.66);
    const { page, context, complaints } = await all.open({ viewport: { width, height }, colorScheme });
    await new Promise((done) => setTimeout(done, 1500));
    await page.screenshot({ path: `${folder}/${width}-${colorScheme}.png` });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    console.log(width, colorScheme, wide > 0 ? `too wide by ${wide}` : "", complaints.join("; "));
    await context.close();
  }
}
await all.close();
