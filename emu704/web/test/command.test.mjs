// The page as `emu704 web` serves it, if the command was built with it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, begin } from "./common/page.mjs";

const NATIVE = process.env.EMU704 ?? join(ROOT, "target/debug/emu704");

/** A command, and what it has said when that matches. @param {string[]} args @param {RegExp} pattern */
async function started(args, pattern) {
  const command = spawn(NATIVE, args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  await new Promise((done) => {
    command.stderr.on("data", (text) => {
      said += text;
      if (pattern.test(said)) done(null);
    });
    command.on("exit", done);
  });
  return { command, said };
}

test("a page of emu704 web --attach works a panel of another process", { skip: existsSync(NATIVE) ? false : "emu704 is not built" }, async (context) => {
  const panel = await started(["tui", "programs/heat.sap", "--core", "8k", "--state", "0"], /TOKEN=\w+/);
  const [, port, token] = /127\.0\.0\.1:(\d+); the token is EMU704_STATE_TOKEN=(\w+)/.exec(panel.said);
  const web = await started(["web", "--port", "0", "--attach", port], /#attach|built without/);
  const all = await begin();
  try {
    if (/built without the page/.test(web.said)) return context.skip("the command was built without the page");
    const url = /http:\/\/localhost:\d+\//.exec(web.said)?.[0];
    assert.ok(url, web.said);
    const { page, complaints } = await all.open({}, `${url}#attach`);
    // switch 1 or 2 would ask the job for a checkpoint, and there is no reel
    // a wrong token says nothing, and the page says so
    await page.getByLabel("Token").fill("x".repeat(32));
    await page.getByRole("button", { name: "attach", exact: true }).click();
    await page.getByText("is this its token?").waitFor();
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "attach", exact: true }).click();
    const place = page.locator("#attach");
    await place.getByRole("switch", { name: "sense switch 6" }).click();
    await page.waitForFunction(() => document.querySelector("#attach [role=switch][aria-label='sense switch 6']").getAttribute("aria-checked") === "true");
    await place.getByRole("button", { name: "START" }).click();
    await place.getByText(/s of the machine/).waitFor();
    // the address with a token loses it
    await page.goto(`${url}#attach=${token}`);
    await place.getByText(/s of the machine/).waitFor();
    assert.equal(new URL(page.url()).hash, "#attach");
    // a page from elsewhere is refused, whatever it knows
    const elsewhere = await all.open();
    const refused = await elsewhere.page.evaluate((url) => new Promise((done) => {
      try {
        const socket = new WebSocket(`${url.replace("http", "ws")}state`);
        socket.onopen = () => done("open");
        socket.onerror = () => done("refused");
      } catch {
        done("refused");
      }
    }), url);
    assert.equal(refused, "refused");
    // and has no such view at all
    assert.equal(await elsewhere.page.getByRole("link", { name: "A panel elsewhere" }).count(), 0);
    assert.deepEqual(complaints, []);
    panel.command.kill();
    await page.getByText("The panel has ended").waitFor();
  } finally {
    await all.close();
    for (const { command } of [panel, web]) command.kill();
  }
});

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
