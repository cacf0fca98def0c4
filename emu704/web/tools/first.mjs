// How long it takes until the first lamp burns, and what comes through the wire until then:
// node tools/first.mjs [MEGABITS] [MILLISECONDS] [TIMES SLOWER]
import { firstLamp } from "../test/common/first.mjs";

const [megabits = 9, milliseconds = 60, slower = 4] = process.argv.slice(2).map(Number);
for (let n = 0; n < 3; n++) {
  const { at, bytes, when } = await firstLamp({ megabits, milliseconds, slower });
  console.log(`first lamp after ${at.toFixed(0)} ms, ${(bytes / 1000).toFixed(0)} kB by then: ${megabits} Mbit/s, ${milliseconds} ms, a processor ${slower} times slower`);
  if (process.env.WHEN) console.log(when);
}
process.exit(0);
