// @ts-check
/** The Markdown of the lessons as elements. No text is ever taken as HTML. */
import { html } from "./svg.js";

/** @typedef {(target: string, text: string) => Node} Link what becomes of a link */

/** Code, bold, italic, and links within a line. @param {string} text @param {Link} link @returns {(Node | string)[]} */
function inline(text, link) {
  /** @type {(Node | string)[]} */
  const out = [];
  let rest = text;
  while (rest !== "") {
    const found = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)/.exec(rest);
    if (!found) break;
    out.push(rest.slice(0, found.index));
    const [whole, code, bold, italic, name, target] = found;
    if (code !== undefined) out.push(html("code", {}, [code]));
    else if (bold !== undefined) out.push(html("b", {}, inline(bold, link)));
    else if (italic !== undefined) out.push(html("i", {}, inline(italic, link)));
    else out.push(link(target, name.replaceAll("`", "")));
    rest = rest.slice(found.index + whole.length);
  }
  out.push(rest);
  return out;
}

/** Cells of a row of a table. @param {string} line */
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));

/**
 * A text.
 * @param {string} text
 * @param {{ link: Link, level: number, code: (language: string, text: string) => Node }} wishes `level` is that of its first heading
 */
export function markdown(text, { link, level, code }) {
  const root = html("div", { class: "markdown" });
  const lines = text.split("\n");
  const line = (/** @type {number} */ n) => lines[n] ?? "";
  for (let n = 0; n < lines.length;) {
    const heading = /^(#+) (.*)/.exec(line(n));
    const fence = /^```(\w*)/.exec(line(n));
    if (line(n).trim() === "" || line(n).startsWith("<!--")) n++;
    else if (heading) {
      root.append(html(`h${Math.min(heading[1].length - 1 + level, 6)}`, {}, inline(heading[2], link)));
      n++;
    } else if (fence) {
      const from = ++n;
      while (n < lines.length && !line(n).startsWith("```")) n++;
      root.append(code(fence[1], lines.slice(from, n).join("\n")));
      n++;
    } else if (/^\|/.test(line(n))) {
      const from = n;
      while (/^\|/.test(line(n))) n++;
      const [head, , ...rows] = lines.slice(from, n).map(cells);
      const row = (/** @type {string} */ kind, /** @type {string[]} */ row) => html("tr", {}, row.map((cell) => html(kind, {}, inline(cell, link))));
      root.append(html("table", {}, [html("thead", {}, [row("th", head)]), html("tbody", {}, rows.map((one) => row("td", one)))]));
    } else if (/^(- |\d+\. )/.test(line(n))) {
      const list = html(/^- /.test(line(n)) ? "ul" : "ol");
      while (/^(- |\d+\. )/.test(line(n))) {
        let item = line(n).replace(/^(- |\d+\. )/, "");
        while (/^\s+\S/.test(line(n + 1))) item += ` ${line(++n).trim()}`;
        n++;
        list.append(html("li", {}, inline(item, link)));
      }
      root.append(list);
    } else {
      let paragraph = line(n);
      while (n + 1 < lines.length && line(n + 1).trim() !== "" && !/^(#|```|\||- |\d+\. )/.test(line(n + 1))) paragraph += ` ${line(++n)}`;
      n++;
      root.append(html("p", {}, inline(paragraph, link)));
    }
  }
  return root;
}
