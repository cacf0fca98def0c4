// @ts-check
/** The lessons: their text, their programs on this machine, and their exercises checked. */
import { markdown } from "./markdown.js";
import { button, html } from "./svg.js";
import { Wired } from "./wired.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {{ name: string, text: string }} LessonFile */
/** @typedef {{ number: number, page: string, title: string, text: string, files: LessonFile[],
 *   exercises: { name: string, title: string, task: string, json: string }[] }} Lesson */

/** What a lesson's programs find in the room, besides themselves. @param {string} program @returns {{ cards?: string, blank?: number, wire?: string }} */
function needs(program) {
  // one machine alone repeats what the other one has sent
  if (/^12-(hear|answer)/.test(program)) return { wire: "wire:replay:12-five.talk" };
  if (/^0[69]-/.test(program)) return { cards: "06-cards.txt" };
  return /^(07|11)-/.test(program) ? { blank: 1 } : {};
}

/** @returns {Promise<Lesson[]>} */
async function given() {
  const inside = /** @type {any} */ (globalThis).EMU704?.lessons;
  if (inside) return inside;
  const answer = await fetch("./lessons.json");
  if (!answer.ok) throw new Error(`lessons.json: ${answer.status}`);
  return answer.json();
}

/** The lessons beside a workbench. */
export class Lessons {
  /** @param {() => Promise<Bench>} bench opens the workbench @param {import("./desk.js").Desk} desk */
  constructor(bench, desk) {
    this.bench = bench;
    this.desk = desk;
    /** @type {Lesson[]} */
    this.lessons = [];
    /** The two machines of the lesson on wires. @type {Wired | null} */
    this.wired = null;
    this.choice = /** @type {HTMLSelectElement} */ (html("select", { "aria-label": "lesson" }));
    this.choice.addEventListener("change", () => this.show(Number(this.choice.value)));
    this.page = html("div", { class: "lesson" });
    this.root = html("div", {}, [html("p", { class: "acts" }, [this.choice, button("the lesson before", () => this.turn(-1)), button("the next lesson", () => this.turn(1))]), this.page]);
  }

  /** @param {number} [number] */
  async begin(number) {
    this.lessons = await given();
    this.choice.replaceChildren(...this.lessons.map((lesson) => html("option", { value: lesson.number }, [`Lesson ${lesson.number}: ${lesson.title}`])));
    this.show(number ?? this.lessons[0].number);
  }

  /** @param {number} number */
  has(number) {
    return this.lessons.some((lesson) => lesson.number === number);
  }

  /** @param {number} by */
  turn(by) {
    const now = this.lessons.findIndex(({ number }) => number === Number(this.choice.value));
    const lesson = this.lessons[now + by];
    if (lesson) this.show(lesson.number);
  }

  /** @param {number} number */
  show(number) {
    const lesson = this.lessons.find((lesson) => lesson.number === number) ?? this.lessons[0];
    this.choice.value = String(lesson.number);
    this.wired?.close();
    this.wired = lesson.number === 12 ? new Wired(this.desk.machine.engine, this.lessons.flatMap(({ files }) => files)) : null;
    const programs = lesson.files.filter(({ name }) => /\.sapf?$/.test(name));
    const link = (/** @type {string} */ target, /** @type {string} */ text) => {
      const other = this.lessons.find(({ page }) => target.split("#")[0] === page);
      // what lies outside of this page is not linked to: nothing is loaded from elsewhere
      return other ? html("a", { href: `#lesson=${other.number}` }, [text]) : html("span", {}, [text]);
    };
    const code = (/** @type {string} */ language, /** @type {string} */ text) => {
      const pre = html("pre", { tabindex: 0, role: "group", "aria-label": language === "console" ? "a session" : "cards" }, [text]);
      const runs = /^\$ emu704 run (?:.* )?programs\/lessons\/(\S+\.sapf?)/m.exec(text);
      const file = runs && programs.find(({ name }) => name === runs[1]);
      return file ? html("div", {}, [pre, html("p", { class: "acts" }, [button(`run ${file.name} here`, () => this.run(lesson, file))])]) : pre;
    };
    this.page.replaceChildren(
      html("p", { class: "note" }, ["The text is for the commands of a terminal. Here the machine beside it does the same:"]),
      html("ul", { class: "programs" }, programs.map((file) => html("li", { class: "acts" }, [
        html("span", {}, [file.name]), button("open", () => this.open(file), `open ${file.name} in the workbench`), button("run", () => this.run(lesson, file), `run ${file.name}`),
      ]))),
      ...(this.wired ? [this.wired.root] : []),
      markdown(lesson.text, { link, code, level: 3 }),
      html("h3", {}, ["Check your program"]),
      ...lesson.exercises.map((exercise) => this.exercise(exercise)),
    );
    this.page.scrollTop = 0;
  }

  /** @param {LessonFile} file */
  async open(file) {
    const bench = await this.bench();
    await bench.set(file.name, file.text);
    bench.editor?.focus();
    return bench;
  }

  /** A program of a lesson, with what it needs, from its first instruction. @param {Lesson} lesson @param {LessonFile} file */
  async run(lesson, file) {
    const bench = await this.open(file);
    const { machine } = this.desk;
    await machine.call("halt");
    for (const one of lesson.files) await machine.call("put_file", one.name, new TextEncoder().encode(one.text));
    if (!(await bench.load())) return;
    const { cards, blank, wire } = needs(file.name);
    if (cards) {
      const deck = this.lessons.flatMap(({ files }) => files).find(({ name }) => name === cards);
      if (deck) await machine.call("put_file", cards, new TextEncoder().encode(deck.text));
      await this.desk.act(`mount cards ${cards}`);
    }
    if (blank && !machine.told?.tapes.some(({ unit }) => unit === blank)) await this.desk.mountBlank(blank);
    if (wire) {
      if (machine.told?.tapes.some(({ unit }) => unit === 1)) await this.desk.act("detach 1");
      if (!(await this.desk.act(`mount 1 ${wire}`))) return;
    }
    await this.desk.does(machine.call("go"));
  }

  /** @param {Lesson["exercises"][number]} exercise */
  exercise(exercise) {
    const result = html("div", { class: "result", role: "status" });
    const check = button(`check exercise ${exercise.name}`, async () => {
      const bench = await this.bench();
      result.replaceChildren(html("p", {}, ["It is run ..."]));
      try {
        result.replaceChildren(...verdict(exercise.name, await bench.checker.exercise(exercise.json, bench.source, bench.free.checked)));
      } catch (error) {
        result.replaceChildren(html("p", { class: "wrong" }, [error instanceof Error ? error.message : String(error)]));
      }
    }, "the program in the workbench is run against what the exercise expects");
    return html("div", { class: "exercise" }, [html("p", {}, [html("b", {}, [`${exercise.name}. ${exercise.title}. `]), exercise.task]), html("p", { class: "acts" }, [check]), result]);
  }
}

/** What came of a check, as `emu704 lesson check` says it. @param {string} name @param {import("./checker.js").Verdict} verdict */
function verdict(name, { right, error, not_assembled: bad, diagnostics, cases, hints }) {
  const said = right ? "right" : error ?? (bad ? "it did not assemble, so nothing was run" : "not right yet");
  return [
    html("p", { class: right ? "right" : "wrong" }, [html("b", {}, [`exercise ${name}: ${said}`])]),
    ...(bad ? [html("ul", {}, (diagnostics ?? []).map(({ line, message, code }) => html("li", {}, [`card ${line}: ${message} (${code})`])))] : []),
    ...cases.map((one) => html("div", {}, [
      html("p", {}, [`${one.name}: ${one.right ? `right, ${one.cycles} cycles` : one.stop || "it was not run"}`]),
      html("ul", {}, [
        ...one.findings.map(({ what, expected, found }) => html("li", {}, [`${what}: expected `, html("code", {}, [expected]), ", found ", html("code", {}, [found])])),
        ...(one.more > 0 ? [html("li", {}, [`and ${one.more} more`])] : []), ...one.hints.map((hint) => html("li", { class: "hint-text" }, [hint])),
      ]),
    ])),
    ...(hints ?? []).map((hint) => html("p", { class: "hint-text" }, [`hint: ${hint}`])),
  ];
}
