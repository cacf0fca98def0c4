// @ts-check
/**
 * The 780 display on a canvas: a flash of blue, and a yellow-green afterglow of about two seconds. The 740 beside it has the same points
 * on film.
 */
import { download } from "./shelf.js";
import { html } from "./svg.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** Points of the canvas each way. */
const SIDE = 512;
/** Milliseconds in which flash and afterglow fall to a third. */
const FLASH = 50;
const GLOW = 900;

/** The tube and the film of a desk. */
export class Crt {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.canvas = /** @type {HTMLCanvasElement} */ (html("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": "The tube of the 780" }));
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.text = html("span", {}, ["no frame of film"]);
    const save = html("button", { type: "button" }, ["save the last frame"]);
    save.addEventListener("click", () => this.save());
    this.root = html("figure", { class: "tube" }, [
      html("div", { class: "face" }, [this.canvas]),
      html("figcaption", {}, [html("b", {}, ["780 display, 740 recorder"]), this.text, save]),
    ]);
    this.known = { frame: -1, points: 0 };
    this.asks = false;
    this.at = 0;
    /** Light that is still to be seen, by point: flash and afterglow. */
    this.flash = new Float32Array(SIDE * SIDE);
    this.glow = new Float32Array(SIDE * SIDE);
    this.until = 0;
    this.draws = false;
    if (this.context) {
      this.context.fillStyle = "#0a100e";
      this.context.fillRect(0, 0, SIDE, SIDE);
    }
  }

  /** Asks for the points that are new. @param {import("./picture.js").Picture} picture */
  async show({ frames, points }) {
    if (frames === this.known.frame && points === this.known.points) return;
    if (this.asks) return;
    this.asks = true;
    const from = frames === this.known.frame ? this.known.points : 0;
    this.known = { frame: frames, points };
    const bytes = /** @type {Uint8Array} */ (await this.desk.machine.call("points", from));
    this.asks = false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 5 <= bytes.length; at += 5) this.light(view.getUint16(at, true), view.getUint16(at + 2, true), view.getUint8(at + 4));
    const film = await this.desk.machine.call("frames");
    this.text.textContent = film === 0 ? "no frame of film" : `${film} frame${film === 1 ? "" : "s"} of film`;
    if (bytes.length > 0) this.draw();
  }

  /** @param {number} x @param {number} y @param {number} flags */
  light(x, y, flags) {
    const strength = flags & 1 ? 1 : 0.55;
    const put = (/** @type {number} */ px, /** @type {number} */ py) => {
      const at = (SIDE - 1 - (py >> 1)) * SIDE + (px >> 1);
      for (const near of [at, at + 1, at - SIDE]) {
        if (near < 0 || near >= this.glow.length) continue;
        this.flash[near] = Math.max(this.flash[near], strength);
        this.glow[near] = Math.max(this.glow[near], strength);
      }
    };
    const [dx, dy] = [[0, 0], [1, 0], [0, 1], [1, 1]][flags >> 1 & 3];
    do {
      put(x, y);
      x += dx;
      y += dy;
    } while (dx + dy > 0 && x < 1024 && y < 1024);
    this.until = performance.now() + 6 * GLOW;
  }

  /** Draws as long as something glows. */
  draw() {
    if (this.draws) return;
    this.draws = true;
    this.at = performance.now();
    const next = (/** @type {number} */ now) => {
      const ms = Math.max(now - this.at, 0);
      this.at = now;
      this.paint(Math.exp(-ms / FLASH), Math.exp(-ms / GLOW));
      this.draws = now < this.until && !document.hidden;
      if (this.draws) setTimeout(() => requestAnimationFrame(next), 30);
    };
    requestAnimationFrame(next);
  }

  /** @param {number} flash @param {number} glow what is left of them */
  paint(flash, glow) {
    if (!this.context) return;
    const image = this.context.createImageData(SIDE, SIDE);
    const { data } = image;
    for (let n = 0; n < this.glow.length; n++) {
      const [blue, green] = [this.flash[n] *= flash, this.glow[n] *= glow];
      data[4 * n] = 10 + 191 * blue + 172 * green;
      data[4 * n + 1] = 16 + 212 * blue + 204 * green;
      data[4 * n + 2] = 14 + 241 * blue + 76 * green;
      data[4 * n + 3] = 255;
    }
    this.context.putImageData(image, 0, 0);
  }

  async save() {
    const count = await this.desk.machine.call("frames");
    const film = count > 0 && (await this.desk.machine.call("film", count - 1));
    if (film) download(`frame-${count}.svg`, new Blob([film], { type: "image/svg+xml" }));
  }
}
