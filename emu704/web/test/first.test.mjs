// How long a first visitor waits for a lamp, over the line of a telephone.
import assert from "node:assert/strict";
import { availableParallelism, loadavg } from "node:os";
import { test } from "node:test";
import { firstLamp } from "./common/first.mjs";

// A good 4G line, and a processor four times slower than that of this computer. The time says nothing where others use the processors:
// then only the bytes and the order are checked.
test("the first lamp burns soon on a 4G telephone", async (context) => {
  const { at, bytes, when } = await firstLamp({ megabits: 9, milliseconds: 60, slower: 4 });
  context.diagnostic(`first lamp after ${at.toFixed(0)} ms, ${(bytes / 1000).toFixed(0)} kB by then: ${JSON.stringify(when)}`);
  if (loadavg()[0] < 2 * availableParallelism()) assert.ok(at < 3000, `${at} ms`);
  assert.ok(bytes < 350000, `${bytes} bytes`);
  // it waits neither for the shelf nor for the rest of the program
  assert.ok(!("emu704_rest.wasm" in when) && !("shelf.json" in when && when["shelf.json"] < at), JSON.stringify(when));
});
