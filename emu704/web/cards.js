// @ts-check
/** The 711 card reader and the 721 card punch. */
import { download } from "./shelf.js";
import { html, svg } from "./svg.js";
import { dropping } from "./units.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** Cards that are drawn as a stack at most. */
const STACK = 60;

/** A stack of cards on edge: its height shows how many. @param {number} x @param {number} y */
function stack(x, y) {
  const node = svg("rect", { x, y, width: 74, height: 0, fill: "url(#cards)", stroke: "#8a7d54", "stroke-width": 0.5 });
  let shown = 0;
  return {
    node,
    show(/** @type {number} */ count) {
      if (count === shown) return;
      shown = count;
      const height = Math.min(count, STACK) === 0 ? 0 : 4 + Math.min(count, STACK) * 0.75;
      node.setAttribute("height", String(height));
      node.setAttribute("y", String(y - height));
    },
  };
}

/** A cabinet with a metal band of tiles. @param {string} name @param {SVGElement[]} inside */
function cabinet(name, inside) {
  const tiles = [["START", "#2b2320"], ["STOP", "#2b2320"], ["FEED", "#2b2320"], ["READY", "#a8a79f"], ["SELECT", "#a8a79f"], ["CARD FEED", "#6d2119"], ["FUSE", "#6d2119"], ["POWER", "#d08030"]];
  const light = (/** @type {number} */ n) => svg("rect", { x: 8 + 30.6 * n, y: 107, width: 28, height: 16, fill: "#fdf7cf", "fill-opacity": 0 });
  const [ready, select] = [light(3), light(4)];
  const root = svg("svg", { viewBox: "0 0 260 190", class: "cabinet", "aria-hidden": "true" }, [
    svg("rect", { x: 2, y: 62, width: 256, height: 126, rx: 5, fill: "#7b7e84" }),
    svg("rect", { x: 2, y: 62, width: 256, height: 8, fill: "#6a6d73" }),
    svg("rect", { x: 2, y: 104, width: 256, height: 22, fill: "#c9c9c4" }), svg("rect", { x: 2, y: 172, width: 256, height: 7, fill: "#b0b0ab" }),
    ...tiles.flatMap(([text, fill], n) => [
      svg("rect", { x: 8 + 30.6 * n, y: 107, width: 28, height: 16, fill, stroke: "#333", "stroke-width": 0.6 }),
      ...(n === 3 ? [ready] : n === 4 ? [select] : []),
      svg("text", { x: 22 + 30.6 * n, y: 117, class: "tile-legend", fill: fill === "#a8a79f" ? "#111" : "#fff" }, [text]),
    ]),
    svg("text", { x: 130, y: 152, class: "cabinet-name" }, [name]), ...inside,
  ]);
  let shown = "";
  return {
    root,
    /** READY and SELECT. @param {boolean} isReady @param {boolean} isSelected */
    lights(isReady, isSelected) {
      if (shown === `${isReady}${isSelected}`) return;
      shown = `${isReady}${isSelected}`;
      ready.setAttribute("fill-opacity", isReady ? "1" : "0");
      select.setAttribute("fill-opacity", isSelected ? "1" : "0");
    },
  };
}

/** Reader and punch of a desk. */
export class Cards {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.hopper = stack(16, 62);
    this.stacker = stack(160, 62);
    this.punched = stack(160, 62);
    this.reading = html("p", {}, ["0 cards in the hopper, 0 read"]);
    this.punching = html("p", {}, ["0 cards punched"]);
    this.select = html("select", { "aria-label": "a deck from the shelf" });
    const act = (/** @type {string} */ name, /** @type {() => unknown} */ does) => {
      const button = html("button", { type: "button" }, [name]);
      button.addEventListener("click", does);
      return button;
    };
    const file = /** @type {HTMLInputElement} */ (html("input", { type: "file", "aria-label": "a deck from a file" }));
    file.addEventListener("change", () => file.files?.[0] && this.drop(file.files[0]));
    this.readerCabinet = cabinet("711 CARD READER", [this.hopper.node, this.stacker.node]);
    this.punchCabinet = cabinet("721 CARD PUNCH", [this.punched.node]);
    this.reader = html("figure", { class: "card-box" }, [
      this.readerCabinet.root,
      html("figcaption", {}, [this.reading, html("span", { class: "acts" }, [
        this.select, act("put it in the hopper", () => this.take(/** @type {HTMLSelectElement} */ (this.select).value)), file,
      ])]),
    ]);
    this.punch = html("figure", { class: "card-box" }, [
      this.punchCabinet.root,
      html("figcaption", {}, [this.punching, html("span", { class: "acts" }, [
        act("save the cards", async () => download("punched.cbn", await desk.machine.call("deck"))),
        act("empty the stacker", () => desk.machine.call("take_cards")),
      ])]),
    ]);
    dropping(this.reader, (dropped) => this.drop(dropped));
    this.root = html("div", { class: "card-machines", role: "group", "aria-label": "Card machines" }, [this.reader, this.punch]);
    desk.shelf.addEventListener("changed", () => this.list());
    this.list();
  }

  list() {
    this.select.replaceChildren(...this.desk.shelf.of("cards").map(({ name }) => html("option", { value: name }, [name])));
  }

  /** @param {File} file */
  async drop(file) {
    const item = await this.desk.recognised(file, "cards");
    if (item) await this.take(item.name);
  }

  /** A deck goes into the hopper. @param {string} name */
  async take(name) {
    if (name) await this.desk.act(`mount cards ${name}`);
  }

  /** @param {import("./picture.js").Picture} picture */
  show({ cards, selected, power }) {
    this.readerCabinet.lights(power && cards.hopper > 0, selected.reader);
    this.punchCabinet.lights(power, selected.punch);
    this.hopper.show(cards.hopper);
    this.stacker.show(cards.read);
    this.punched.show(cards.punched);
    const plural = (/** @type {number} */ n) => `${n} card${n === 1 ? "" : "s"}`;
    set(this.reading, `${plural(cards.hopper)} in the hopper, ${cards.read} read`);
    set(this.punching, `${plural(cards.punched)} punched`);
  }
}

/** @param {HTMLElement} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
