// How fast the machine of the page is, kernel by kernel, beside the command: node tools/speed.mjs [EMU704]. Each number is the best of
// many short runs, so that other work on the computer disturbs little. EMU704 is a release of the command.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, begin } from "../test/common/page.mjs";

const command = process.argv[2];
const KERNELS = ["int", "fp", "mul", "mixed", "tape"];
const CYCLES = 30_000_000;
const all = await begin();
const { page } = await all.open();
await page.evaluate(() => emu704.machine.call("halt"));
for (const name of KERNELS) {
  const path = join(ROOT, `programs/kernels/${name}.sap`);
  const native = [];
  const web = [];
  let perCycle = 0;
  for (let round = 0; round < 6; round++) {
    if (command) {
      // a stop at the limit has an exit code of its own
      const report = JSON.parse(spawnSync(command, ["bench", path, "--json", "-q", "--limit", String(CYCLES), ...(name === "tape" ? ["--ring", "1"] : [])], { timeout: 60000, encoding: "utf8" }).stdout);
      const { instructions, cycles, seconds } = report;
      perCycle = instructions / cycles;
      native.push(instructions / seconds / 1e6);
    }
    web.push(await page.evaluate(async ([name, source, most]) => {
      const machine = await emu704.engine.open("speed", "32k");
      await machine.call("put_file", `${name}.sap`, new TextEncoder().encode(source));
      if (name === "tape") await machine.call("act", `mount 1 speed.tap ring`);
      let best = 0;
      // the same cycles as the command's; the first runs also compile
      for (let n = 0; n < 8; n++) {
        await machine.call("command", `load ${name}.sap`);
        await machine.call("go");
        const begun = performance.now();
        const cycles = await machine.call("run_to_stop", most);
        best = Math.max(best, cycles / (performance.now() - begun) / 1000);
      }
      return best;
    }, [name, readFileSync(path, "utf8"), CYCLES]));
  }
  const best = Math.max(...web);
  const said = command ? `native ${Math.max(...native).toFixed(0)}, page ${(best * perCycle).toFixed(0)} million instructions a second, ${((100 * best * perCycle) / Math.max(...native)).toFixed(0)} %` : `page ${best.toFixed(0)} million cycles a second`;
  console.log(`${name}: ${said}`);
}
await all.close();
