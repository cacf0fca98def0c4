// A hidden tab keeps time, and does not race when it comes back. Playwright keeps its pages visible, so this speaks to a browser with a
// screen by the raw protocol; without Xvfb it is skipped.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CHROMIUM, FLAGS, serve } from "./common/page.mjs";

const skip = existsSync("/usr/bin/Xvfb") && globalThis.WebSocket ? false : "Xvfb, or a node with WebSocket, is missing";
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Commands of the protocol over a connection. */
async function speak(address) {
  const socket = new WebSocket(address);
  await new Promise((done, failed) => {
    socket.onopen = done;
    socket.onerror = failed;
  });
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result);
  };
  let id = 0;
  return (method, params = {}, sessionId) => new Promise((done) => {
    waiting.set(++id, done);
    socket.send(JSON.stringify({ id, method, params, sessionId }));
  });
}

test("a hidden tab keeps time and does not race", { skip, timeout: 120000 }, async (context) => {
  const server = await serve();
  const display = `:${70 + (process.pid % 900)}`;
  const screen = spawn("Xvfb", [display, "-screen", "0", "1280x900x24"], { stdio: "ignore" });
  await wait(1000);
  const browser = spawn(CHROMIUM, [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${mkdtempSync(join(tmpdir(), "emu704-"))}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, DISPLAY: display },
  });
  try {
    const address = await new Promise((done) => browser.stderr.on("data", (text) => {
      const found = /DevTools listening on (ws:\S+)/.exec(text);
      if (found) done(found[1]);
    }));
    const send = await speak(address);
    const { targetId } = await send("Target.createTarget", { url: server.url });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const evaluate = async (expression) => (await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId)).result?.value;
    for (let n = 0; n < 100 && !(await evaluate("globalThis.emu704?.ready === true")); n++) await wait(200);
    await evaluate("emu704.machine.call('command', 'load attract.sap').then(() => emu704.machine.call('go'))");
    const look = async () => ({ cycles: await evaluate("emu704.machine.call('cycles')"), at: performance.now() });
    const ratio = (one, two) => (two.cycles - one.cycles) / ((two.at - one.at) / 1000 * 1e6 / 12);
    const other = await send("Target.createTarget", { url: "about:blank" });
    await send("Target.activateTarget", { targetId: other.targetId });
    await wait(1500);
    assert.equal(await evaluate("document.hidden"), true, "the tab is hidden");
    const drawn = await evaluate("emu704.panel.drawn");
    const first = await look();
    await wait(15000);
    const second = await look();
    const hidden = ratio(first, second);
    context.diagnostic(`hidden: ratio ${hidden.toFixed(3)}`);
    assert.ok(hidden > 0.6 && hidden < 1.1, `a ratio of ${hidden} while it is hidden`);
    assert.ok((await evaluate("emu704.panel.drawn")) - drawn <= 2, "nothing is drawn while it is hidden");
    await send("Target.activateTarget", { targetId });
    const third = await look();
    await wait(2000);
    const back = ratio(third, await look());
    context.diagnostic(`back: ratio ${back.toFixed(3)}`);
    assert.ok(back > 0.4 && back < 1.15, `a ratio of ${back} after it came back`);
    assert.ok((await evaluate("emu704.panel.drawn")) - drawn > 20, "it is drawn again");
  } finally {
    browser.kill();
    screen.kill();
    server.close();
  }
});
