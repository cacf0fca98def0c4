// The page as `emu704 web` serves it, if the command was built with it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, begin } from "./common/page.mjs";

const NATIVE = process.env.EMU704 ?? join(ROOT, "target/debug/emu704");

test("emu704 web serves the page, and a 704 runs in it", { skip: existsSync(NATIVE) ? false : "emu704 is not built" }, async (context) => {
  const command = spawn(NATIVE, ["web", "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  try {
    const said = await new Promise((done) => command.stderr.once("data", (text) => done(String(text))));
    if (/built without the page/.test(said)) return context.skip("the command was built without the page");
    const url = /http:\/\/localhost:\d+\//.exec(said)[0];
    const wasm = await fetch(`${url}emu704_bg.wasm`);
    assert.equal(wasm.headers.get("content-type"), "application/wasm");
    // the program of the page begins as every such program
    assert.equal(Buffer.from(await wasm.arrayBuffer()).subarray(0, 4).toString("latin1"), "\0asm");
    assert.equal((await fetch(`${url}single.html`)).status, 404);
    const all = await begin();
    try {
      const { page, complaints } = await all.open({}, url);
      await page.waitForFunction(() => emu704.machine.told.going);
      assert.deepEqual(complaints, []);
    } finally {
      await all.close();
    }
  } finally {
    command.kill();
  }
});
