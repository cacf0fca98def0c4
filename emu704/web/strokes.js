// @ts-check
/** Strokes work the panel as in `emu704 tui`; the table of them is the machine's own. */

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./keys.js").Part} Part */

/** Where a stroke is text, or works something else. */
const TAKEN = "input, select, textarea, dialog, [contenteditable], .cm-editor, .cards-place";

/** Strokes go to a desk, as long as it is seen. @param {Desk} desk @param {HTMLElement} view @param {Part[]} parts */
export function strokes(desk, view, parts) {
  let holds = false;
  addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || view.hidden) return;
    if (!(target instanceof Element) || target.closest(TAKEN)) return;
    // a button that has the focus is pressed by Space and Enter itself
    if (key === " " && target.closest("button, a, [tabindex]")) return;
    const part = parts.find(({ stroke }) => stroke === key);
    if (!part) return;
    event.preventDefault();
    if (part.name === "MULTIPLE STEP") {
      // one stroke holds it, and the next lets it go
      holds = !holds;
      desk.does(desk.machine.call("hold_step", holds));
    } else if (part.name === "ENTRY KEYS") desk.panel.keys.focus(0);
    else desk.panel.keys.of(part.name)?.click();
  });
}
