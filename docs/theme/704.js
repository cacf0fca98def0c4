// Colours for SAP and for transcripts, and links from lessons to the page with the machine.
"use strict";

(() => {
  /** A card: name, operation, variable field, remark. In free form the columns are anywhere. */
  const CARD = /^(\S{1,6})?(\s+)([A-Z][A-Z$/]{2,5})(?:( +)(\S+))?(.*)$/;
  const REMARK = /^(?:\S{1,6})?\s+REM(?:\s|$)|^\*/;

  const element = (kind, text) => {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    return span;
  };

  /** Whether most lines of a block are cards. */
  const isSap = (text) => {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const cards = lines.filter((line) => REMARK.test(line) || CARD.test(line));
    return lines.length > 0 && cards.length === lines.length;
  };

  const field = (text) => {
    const parts = document.createDocumentFragment();
    for (const part of text.split(/([+\-*/,$()=]+)/)) {
      parts.append(/^\d/.test(part) ? element("number", part) : part);
    }
    return parts;
  };

  const card = (line) => {
    const parts = document.createDocumentFragment();
    const found = REMARK.test(line) ? null : CARD.exec(line);
    if (!found) {
      parts.append(line.trim() === "" ? line : element("remark", line));
      return parts;
    }
    const [, name = "", gap, op, space = "", operand = "", rest] = found;
    parts.append(element("name", name), gap, element("op", op), space);
    if (space.length > 2) parts.append(element("remark", operand + rest));
    else if (op === "BCD") parts.append(element("number", operand + rest));
    else parts.append(field(operand), element("remark", rest));
    return parts;
  };

  const transcript = (line) => {
    const parts = document.createDocumentFragment();
    if (line.startsWith("$ ")) parts.append(element("prompt", "$ "), line.slice(2));
    else parts.append(element("output", line));
    return parts;
  };

  const paint = (code, text, line) => {
    code.replaceChildren();
    text.split("\n").forEach((one, n) => code.append(n > 0 ? "\n" : "", line(one)));
  };

  /** Text in the form that the page reads behind its `#`. */
  const packed = async (text) => {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const base = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    return base.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  };

  const link = (href, text, after) => {
    const a = document.createElement("a");
    a.className = "run";
    a.href = href;
    a.textContent = text;
    after.after(a);
  };

  const programs = [];
  for (const code of document.querySelectorAll("main pre > code")) {
    // the transcripts end with a blank line, for the tests
    const text = code.textContent.replace(/\s+$/, "");
    if (code.classList.contains("language-console")) {
      paint(code, text, transcript);
    } else if (code.classList.contains("language-text") && isSap(text)) {
      paint(code, text, card);
      if (/^\s+END(\s|$)/m.test(text)) programs.push([code.parentElement, text]);
    }
  }

  // The page is there if it was put beside the book: `emu704 web --single target/book/704.html`. A disk cannot be asked.
  const root = typeof path_to_root === "string" ? path_to_root : "";
  const lesson = /\/lessons\/(\d+)-[^/]*$/.exec(location.pathname);
  if (!lesson || !location.protocol.startsWith("http")) return;
  const page = `${root}704.html`;
  fetch(page, { method: "HEAD" }).then(async (answer) => {
    if (!answer.ok) return;
    const heading = document.querySelector("main h1");
    if (heading) link(`${page}#lesson=${Number(lesson[1])}`, "Run this lesson in the page", heading);
    for (const [block, text] of programs) {
      if (typeof CompressionStream !== "undefined") {
        link(`${page}#sap=${await packed(`${text}\n`)}`, "Open this program in the page", block);
      }
    }
  }, () => undefined);
})();
