// @ts-check
/** SVG by hand: elements and their attributes. */

const NS = "http://www.w3.org/2000/svg";

/**
 * An element.
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 * @param {(SVGElement | string)[]} [children]
 * @returns {SVGElement}
 */
export function svg(name, attributes = {}, children = []) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * The text of an element. A browser reads a drawing of many parts faster than it makes them one by one.
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 * @param {string[]} [children] texts of elements, or words without `<` and `&`
 * @returns {string}
 */
export function mark(name, attributes = {}, children = []) {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`).join("");
  return `<${name}${said}>${children.join("")}</${name}>`;
}

/** The drawing that a text describes. @param {string} text @returns {SVGElement} */
export function drawn(text) {
  const place = document.createElement("div");
  place.innerHTML = text;
  return /** @type {SVGElement} */ (place.firstElementChild);
}

/**
 * An HTML element.
 * @param {string} name
 * @param {Record<string, string | number | boolean>} [attributes] false leaves one out
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElement}
 */
export function html(name, attributes = {}, children = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** A button with what it does. @param {string} text @param {() => unknown} does @param {string} [title] @returns {HTMLButtonElement} */
export function button(text, does, title) {
  const node = /** @type {HTMLButtonElement} */ (html("button", title ? { type: "button", title } : { type: "button" }, [text]));
  node.addEventListener("click", does);
  return node;
}
