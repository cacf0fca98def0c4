// @ts-check
/** The operator's panel: board, lamps and keys together, and the pictures that it asks for while its machine goes. */
import { Lamps, board } from "./console.svg.js";
import { Keys } from "./keys.js";
import { Picture } from "./picture.js";
import { html } from "./svg.js";

/** @typedef {import("./machine.js").Machine} Machine */

/** Pictures with nothing new in them before the panel stops asking: filaments have cooled then. */
const COOLING = 20;

/** A panel before a machine. It tells `picture` with each {@link Picture}. */
export class Panel extends EventTarget {
  /** @param {Machine} machine @param {(text: string) => void} say */
  constructor(machine, say) {
    super();
    this.machine = machine;
    this.lamps = new Lamps();
    this.keys = new Keys({
      act: (words) => this.does(machine.act(words), say),
      step: (held) => this.does(machine.call("hold_step", held), say),
    });
    this.root = html("div", { class: "panel" });
    this.root.append(board(), this.lamps.root, this.keys.root);
    /** Pictures that were drawn: none while the machine is stopped. */
    this.drawn = 0;
    this.quiet = 0;
    this.asks = false;
    this.at = 0;
    machine.addEventListener("told", () => this.wake());
    this.shown = new AbortController();
    document.addEventListener("visibilitychange", () => this.wake(), { signal: this.shown.signal });
  }

  /** Nobody looks at it any more: the document must not hold it. */
  close() {
    this.shown.abort();
  }

  /** @param {Promise<string>} act @param {(text: string) => void} say */
  async does(act, say) {
    try {
      say((await act) || "");
    } catch (error) {
      say(String(error instanceof Error ? error.message : error));
    }
    this.wake();
  }

  /** The first picture is asked for before there is a machine, so that it comes as soon as there is one. */
  first() {
    this.asks = true;
    return this.ask(performance.now());
  }

  /** There may be something new to be seen. */
  wake() {
    this.quiet = 0;
    if (this.asks || document.hidden || this.machine.engine?.dead || this.shown.signal.aborted) return;
    this.asks = true;
    requestAnimationFrame((now) => this.ask(now));
  }

  /** One picture is asked for, and shown when the next is. @param {number} now */
  async ask(now) {
    const ms = Math.min(now - this.at, 100);
    this.at = now;
    const bytes = await this.machine.call("picture").catch(() => null);
    if (bytes === null) {
      this.asks = false;
      return;
    }
    const picture = new Picture(bytes);
    const changes = this.lamps.show(picture.lamps, ms);
    this.keys.show(picture);
    this.drawn++;
    this.dispatchEvent(new CustomEvent("picture", { detail: picture }));
    const rewinds = picture.tapes.some((tape) => tape.motion !== "still");
    if (picture.going || rewinds) this.quiet = 0;
    else if (!changes) this.quiet = COOLING;
    if (this.quiet++ < COOLING && !document.hidden && !this.shown.signal.aborted) requestAnimationFrame((then) => this.ask(then));
    else this.asks = false;
  }
}
