// A hidden tab keeps time, and does not race when it comes back. Playwright keeps its pages visible, so this speaks to a browser with a
// screen by the raw protocol; without Xvfb it is skipped.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CHROMIUM, FLAGS, serve } from "./common/page.mjs";

const skip = existsSync("/usr/bin/Xvfb") && globalThis.WebSocket ? false : "Xvfb, or a node with WebSocket, is missing";
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** What a promise gives, or an error that names the step, if the step takes longer than that or `ended` comes first. */
function within(ms, step, promise, ended) {
  let timer;
  const late = new Promise((_, failed) => { timer = setTimeout(() => failed(new Error(`${step}: no answer within ${ms / 1000} s`)), ms); });
  return Promise.race([promise, late, ended].filter(Boolean)).finally(() => clearTimeout(timer));
}

/** A program, and a promise that fails when it ends. */
function start(name, args, options) {
  const child = spawn(name, args, options);
  const ended = new Promise((_, failed) => {
    child.on("error", failed);
    child.on("exit", (code, signal) => failed(new Error(`${name} ended with ${signal ?? code}`)));
  });
  // it ends behind the test, too, and nobody waits for it then
  ended.catch(() => {});
  return { child, ended };
}

/** The first place in what a stream says that fits the pattern. */
const says = (stream, pattern) => new Promise((done) => {
  let text = "";
  stream.setEncoding("utf8").on("data", (more) => {
    text += more;
    const found = pattern.exec(text);
    if (found) done(found[1]);
  });
});

/** Commands of the protocol over a connection; an error of the browser and a lost connection are errors here. */
async function speak(address, ended) {
  const socket = new WebSocket(address);
  const lost = new Promise((_, failed) => { socket.onclose = () => failed(new Error("the connection to the browser is lost")); });
  lost.catch(() => {});
  await within(20000, "a connection", new Promise((done) => { socket.onopen = done; }), Promise.race([ended, lost]));
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    const { done, failed } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) failed?.(new Error(error.message)); else done?.(result);
  };
  let last = 0;
  return (method, params = {}, sessionId) => {
    const id = ++last;
    const answer = new Promise((done, failed) => waiting.set(id, { done, failed }));
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    return within(30000, method, answer, Promise.race([ended, lost]));
  };
}

test("a hidden tab keeps time and does not race", { skip, timeout: 240000 }, async (context) => {
  const server = await serve();
  // the server of the screen takes a number that is free, and says so when it is ready
  const screen = start("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x900x24"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const profile = mkdtempSync(join(tmpdir(), "emu704-"));
  let browser;
  try {
    const display = await within(30000, "a screen", says(screen.child.stdio[3], /^(\d+)\n/), screen.ended);
    browser = start(CHROMIUM, [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, DISPLAY: `:${display}` },
    });
    const address = await within(60000, "a browser", says(browser.child.stderr, /DevTools listening on (ws:\S+)\s/), browser.ended);
    const send = await speak(address, browser.ended);
    const { targetId } = await send("Target.createTarget", { url: server.url });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const evaluate = async (expression) => (await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId)).result?.value;
    const until = async (expression, what) => {
      for (const begun = performance.now(); !(await evaluate(expression)); await wait(100)) {
        assert.ok(performance.now() - begun < 30000, what);
      }
    };
    await until("globalThis.emu704?.ready === true", "the page is ready");
    await evaluate("emu704.machine.call('command', 'load attract.sap').then(() => emu704.machine.call('go'))");
    const look = async () => ({ cycles: await evaluate("emu704.machine.call('cycles')"), at: performance.now() });
    const ratio = (one, two) => (two.cycles - one.cycles) / ((two.at - one.at) / 1000 * 1e6 / 12);
    const other = await send("Target.createTarget", { url: "about:blank" });
    await send("Target.activateTarget", { targetId: other.targetId });
    await until("document.hidden", "the tab is hidden");
    await wait(500);
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
    if (browser) {
      browser.child.kill();
      // its other processes write into their folder until they have ended
      await within(10000, "the end of the browser", browser.ended).catch(() => browser.child.kill("SIGKILL"));
    }
    screen.child.kill();
    server.close();
    // a folder that stays in the temporary files is no fault of the page
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }).catch(() => {});
  }
});
