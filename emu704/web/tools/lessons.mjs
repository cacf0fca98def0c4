// The lessons with their programs and exercises, as JSON: emu704/web/build calls it.
import { readFileSync, readdirSync } from "node:fs";
import { parse } from "smol-toml";

const root = new URL("../../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");
const list = (folder) => readdirSync(new URL(folder, root)).sort();

/** JSON in which 5 is a whole number and 5.0 is none, as in TOML. */
function json(value) {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isInteger(value) ? `${value}.0` : String(value);
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${json(one)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The order in which the lessons are good to read, as emu704/src/exercise/lessons.rs has it. */
const order = /ORDER: \[u8; \d+\] = \[([\d, ]+)\]/.exec(text("emu704/src/exercise/lessons.rs"))[1].split(",").map(Number);
const programs = list("programs/lessons/");
const exercises = list("programs/exercises/");
const texts = list("docs/lessons/").filter((name) => /^\d\d-/.test(name));

const lessons = order.map((number) => {
  const begins = String(number).padStart(2, "0");
  const page = texts.find((name) => name.startsWith(`${begins}-`));
  const markdown = text(`docs/lessons/${page}`);
  return {
    number,
    page,
    title: /^# Lesson \d+: (.*)/.exec(markdown)[1],
    text: markdown,
    files: programs.filter((name) => name.startsWith(`${begins}-`)).map((name) => ({ name, text: text(`programs/lessons/${name}`) })),
    exercises: exercises.filter((name) => name.startsWith(begins)).map((name) => {
      const exercise = parse(text(`programs/exercises/${name}`), { integersAsBigInt: true });
      return { name: name.replace(/^0?(.*)\.toml$/, "$1"), title: exercise.title, task: exercise.task, json: json(exercise) };
    }),
  };
});
process.stdout.write(JSON.stringify(lessons));
