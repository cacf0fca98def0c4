// @ts-check
/** "How sure is this?": what of the look is sure, likely, or guessed. The machine itself has docs/fidelity.md. */
import { button, html } from "./svg.js";

/** @type {[string, string, string[]][]} */
const SHEET = [
  ["Sure", "two sources that do not depend on each other, or something measured", [
    "Which lamps and keys the panel has, and their names: a list of every wire of the panel, and a picture, agree.",
    "The register lamps are NE-51 neon lamps; the square lights are 48-volt lamps with a filament. So the first follow at once, and the second glow up and die away.",
    "How bright a lamp is: the machine counts for what share of the time it is lit.",
    "READY and AUTOMATIC are never lit together.",
    "Where brackets stand over the lamps: they make octal digits, and the double one behind 8 parts characteristic and fraction.",
    "The 727 tape unit: its size, the reel of 10 1/2 inches, half-inch tape, 75 inches a second, start and stop in 5 milliseconds.",
    "The 716 printer: 120 wheels of 48 characters, of which a program reaches 72, 150 lines a minute.",
    "Cards: their size, 80 columns and 12 rows, square corners.",
    "The phosphors: P11 in the 740, P7 in the 780, with an afterglow of about two seconds.",
  ]],
  ["Likely", "one good source", [
    "The place of each lamp and key on the panel, and all its colours: one retouched picture, which may have parts of a 709.",
    "15 lamps of INDEX and of INSTRUCTION COUNTER: the picture has 15, the list of wires 13. The machine had 12, 13 or 15 by the size of its core.",
    "The counter's numbers, 21 to 35: they are the positions of an address in a word.",
    "DC ON, DC OFF and I/O FUSE: only the picture has them. This machine has no such states.",
    "Paddles are up when off. A paddle that is down is longer and bright.",
    "Keys and lights of the tape unit: read off a picture of the 727A, a later sibling.",
    "The loops in the columns, and reels that turn in jerks: a model of the tape's motion from an engineers' manual.",
    "Tiles of reader, punch and printer.",
    "Colours of the phosphors.",
  ]],
  ["Guessed", "we found no source", [
    "How fast a square light glows up and dies away: 80 and 120 milliseconds.",
    "What the lamps above TAPE CHECK were for. Seven of the eight stay dark.",
    "Which way the reels turn in a fast rewind.",
    "The cabinet's part below a tape unit's door.",
    "Green and white bars on the paper; plain paper may be as right.",
    "The outside of the drum. So it is not drawn.",
    "Speeds other than that of 1955: no 704 had a switch for them.",
  ]],
];

/** The sheet, and the button that opens it. */
export function sure() {
  const dialog = /** @type {HTMLDialogElement} */ (html("dialog", { class: "sure", "aria-labelledby": "sure-title" }));
  const fill = () => dialog.replaceChildren(
    html("h2", { id: "sure-title" }, ["How sure is this?"]),
    html("p", {}, ["No 704 runs today, and no sharp photograph of a 704's panel was found. The page is a new drawing from what is known. If you know better, please say so."]),
    ...SHEET.flatMap(([name, why, lines]) => [html("h3", {}, [name]), html("p", { class: "soft" }, [`That is: ${why}.`]), html("ul", {}, lines.map((line) => html("li", {}, [line])))]),
    html("h3", {}, ["The machine inside"]),
    html("p", {}, ["What instructions do and how long they take is another question. The project's page on fidelity names the source of each fact, and its page of open questions what is not known. The panel, the units and their names are no trade mark of this project, and IBM has no part in it."]),
    html("p", { class: "acts" }, [button("close", () => dialog.close())]),
  );
  const open = button("How sure is this?", () => {
    fill();
    dialog.showModal();
  });
  return { dialog, open };
}
