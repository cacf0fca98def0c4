// @ts-check
/** The editor of the workbench: CodeMirror with the cards of SAP. emu704/web/build packs it into one file. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, drawSelection, gutter, highlightActiveLine, hoverTooltip, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/**
 * A finding of the assembler; lines count from 1, columns from 0.
 * @typedef {{ line: number, columns: [number, number], severity: "error" | "warning", code: string, message: string, label?: string, help?: string }} Finding
 * @typedef {{ findings: Finding[], at: Map<number, number>, breaks: Set<number>, here: number }} Marks what stands beside the cards
 * @typedef {{ text: string, free: boolean, changed: (text: string) => void, about: (name: string) => HTMLElement | null, toggle: (line: number) => void }} Wishes
 */

/** What stands in the columns of a card. */
const columns = StreamLanguage.define({
  token(stream) {
    const column = stream.column();
    if (stream.sol() && /^(.{7})?REM|^\*/.test(stream.string)) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (column < 6) {
      stream.eatWhile(/\S/);
      return "labelName";
    }
    if (column < 10) {
      stream.eatWhile(/\S/);
      return "keyword";
    }
    if (column < 12 && stream.eatWhile(/\S/)) return "variableName";
    stream.skipToEnd();
    return "comment";
  },
});

/** Free form: a label with a colon, an operation, its field, and what follows is for people. */
const free = StreamLanguage.define({
  startState: () => ({ field: 0 }),
  token(stream, state) {
    if (stream.sol()) state.field = 0;
    if (stream.eatSpace()) return null;
    if (stream.match(/^(;|\*).*/)) return "comment";
    if (state.field === 0 && stream.match(/^\S+:/)) return "labelName";
    if (state.field < 2 && stream.match(/^"[^"]*"?/)) return "string";
    state.field++;
    if (state.field > 2) {
      stream.skipToEnd();
      return "comment";
    }
    stream.eatWhile(/\S/);
    return state.field === 1 ? "keyword" : "variableName";
  },
});

const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.comment, color: "var(--card-remark)" }, { tag: tags.keyword, color: "var(--card-operation)", fontWeight: "bold" },
  { tag: tags.labelName, color: "var(--card-label)" }, { tag: tags.string, color: "var(--card-label)" },
]));

const look = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--card-ink)", height: "100%", fontSize: "0.86rem" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', lineHeight: "1.4" },
  ".cm-content": { caretColor: "var(--card-ink)", minHeight: "14rem" },
  "&.columns .cm-line": {
    backgroundImage: "linear-gradient(var(--card-rule), var(--card-rule)), linear-gradient(var(--card-rule), var(--card-rule)), linear-gradient(var(--card-rule), var(--card-rule))",
    backgroundSize: "1px 100%", backgroundRepeat: "no-repeat", backgroundPosition: "calc(7ch + 5.5px) 0, calc(11ch + 5.5px) 0, calc(72ch + 5.5px) 0",
  },
  ".cm-activeLine": { backgroundColor: "var(--card-line)" },
  ".cm-gutters": { backgroundColor: "var(--card-gutter)", color: "var(--card-ink)", border: "0", cursor: "pointer" },
  ".cm-where": { padding: "0 0.4em", minWidth: "4.4em" },
  ".cm-break": { backgroundColor: "#b3261e", color: "#fff", borderRadius: "3px" },
  ".cm-here": { backgroundColor: "var(--card-here)" },
  ".cm-tooltip": { backgroundColor: "var(--page)", color: "var(--ink)", border: "1px solid var(--rule)", maxWidth: "30rem", padding: "0.2rem 0.5rem" },
  ".cm-selectionBackground": { backgroundColor: "#86b7ff77 !important" },
  ".cm-diagnostic": { whiteSpace: "pre-line" },
});

/** @type {import("@codemirror/state").StateEffectType<Marks>} */
const marking = StateEffect.define();

/** @type {StateField<Marks>} */
const marks = StateField.define({
  create: () => /** @type {Marks} */ ({ findings: [], at: new Map(), breaks: new Set(), here: 0 }),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(marking)) return effect.value;
    return value;
  },
  provide: (field) => EditorView.decorations.compute([field, "doc"], (state) => {
    const { here } = state.field(field);
    /** @type {RangeSetBuilder<Decoration>} */
    const builder = new RangeSetBuilder();
    if (here > 0 && here <= state.doc.lines) {
      const { from } = state.doc.line(here);
      builder.add(from, from, Decoration.line({ class: "cm-here" }));
    }
    return builder.finish();
  }),
});

/** The address of a card's first word, red when the machine breaks there. */
class Where extends GutterMarker {
  /** @param {number | undefined} address @param {boolean} breaks */
  constructor(address, breaks) {
    super();
    this.address = address;
    this.breaks = breaks;
  }

  /** @param {Where} other */
  eq(other) {
    return other.address === this.address && other.breaks === this.breaks;
  }

  toDOM() {
    const element = document.createElement("div");
    element.className = this.breaks ? "cm-where cm-break" : "cm-where";
    element.textContent = this.address === undefined ? "" : this.address.toString(8).padStart(5, "0");
    if (this.breaks) element.title = "the machine stops before this card";
    return element;
  }
}

/** The editor in an element. @param {HTMLElement} parent @param {Wishes} wishes */
export function open(parent, { text, free: inFree, changed, about, toggle }) {
  const form = new Compartment();
  const forms = (/** @type {boolean} */ is) => [is ? free : columns, EditorView.editorAttributes.of({ class: is ? "free" : "columns" })];
  const newline = (/** @type {EditorView} */ view) => {
    // the next card begins in its operation
    const { from, to } = view.state.selection.main;
    const indent = parent.dataset.form === "free" ? "" : " ".repeat(7);
    view.dispatch({ changes: { from, to, insert: `\n${indent}` }, selection: { anchor: from + 1 + indent.length }, scrollIntoView: true });
    return true;
  };
  const toggleHere = (/** @type {EditorView} */ view) => {
    toggle(view.state.doc.lineAt(view.state.selection.main.head).number);
    return true;
  };
  parent.dataset.form = inFree ? "free" : "columns";
  // in a shadow root its styles need no permission of the page
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: "open" });
  const holder = document.createElement("div");
  holder.style.height = "100%";
  root.replaceChildren(holder);
  const view = new EditorView({
    root,
    parent: holder,
    state: EditorState.create({
      doc: text,
      extensions: [
        form.of(forms(inFree)), colours, look, marks, history(), drawSelection(), highlightActiveLine(), highlightSelectionMatches(), search({ top: true }),
        gutter({
          class: "cm-wheres",
          lineMarker(view, line) {
            const { at, breaks } = view.state.field(marks);
            const { number } = view.state.doc.lineAt(line.from);
            return new Where(at.get(number), breaks.has(number));
          },
          lineMarkerChange: (update) => update.startState.field(marks) !== update.state.field(marks),
          initialSpacer: () => new Where(0, false),
          domEventHandlers: {
            click(view, line) {
              toggle(view.state.doc.lineAt(line.from).number);
              return true;
            },
          },
        }),
        hoverTooltip((view, at) => {
          const line = view.state.doc.lineAt(at);
          const word = [...line.text.matchAll(/[A-Za-z0-9$]+/g)].find(({ index, 0: name }) => index <= at - line.from && at - line.from < index + name.length);
          const dom = word && about(word[0].toUpperCase());
          return dom ? { pos: line.from + (word.index ?? 0), end: line.from + (word.index ?? 0) + word[0].length, above: true, create: () => ({ dom }) } : null;
        }),
        EditorView.contentAttributes.of({ "aria-label": "The cards of the program", spellcheck: "false", autocapitalize: "characters" }),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        keymap.of([{ key: "Enter", run: newline }, { key: "F9", run: toggleHere, preventDefault: true }, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    /** Another program. @param {string} text @param {boolean} inFree */
    set(text, inFree) {
      parent.dataset.form = inFree ? "free" : "columns";
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, effects: form.reconfigure(forms(inFree)) });
    },
    /** @param {boolean} inFree */
    form(inFree) {
      parent.dataset.form = inFree ? "free" : "columns";
      view.dispatch({ effects: form.reconfigure(forms(inFree)) });
    },
    /** @param {number} number */
    goTo(number) {
      const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
      view.focus();
    },
    /** What the assembler and the machine say of the cards. @param {Marks} value */
    mark(value) {
      const { doc } = view.state;
      const found = value.findings.filter(({ line }) => line >= 1 && line <= doc.lines).map(({ line, columns: [from, to], severity, code, message, help }) => {
        const card = doc.line(line);
        const begins = Math.min(card.from + from, card.to);
        return { from: begins, to: Math.max(begins, Math.min(card.from + to, card.to)), severity, source: code, message: help ? `${message}\n${help}` : message };
      });
      view.dispatch({ effects: marking.of(value) });
      view.dispatch(setDiagnostics(view.state, found));
    },
  };
}
