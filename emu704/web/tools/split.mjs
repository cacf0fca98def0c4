// Splits the program of the room in two: node split.mjs FIRST.wasm REST.wasm. FIRST is what wasm-bindgen made, with names; it is
// rewritten. The machine's own functions stay there. Functions that a visitor needs later, or never, go to REST: see LATER.
//
// It is still one program, with one memory: REST takes memory, tables and globals of FIRST, and fills a table with its
// functions. In FIRST such a function only asks the page for REST, if it is not there (`rest` in emu704/src/web.rs), and calls it
// through that table. So nothing goes wrong if a function is needed that nobody expected: it only comes late.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { HEAD, Reader, bytes, calls, elements, leb, limits, list, names, section, sections, signed, sized, text } from "./wasm.mjs";
import { LATER, NOW } from "./later.mjs";

const [firstFile, restFile] = process.argv.slice(2);
const whole = readFileSync(firstFile);
/** Both parts name the table so: parts of two builds do not join. */
const tag = `rest-${createHash("sha256").update(whole).digest("hex").slice(0, 8)}`;
const all = sections(whole);
const contents = (id) => all.find((section) => section.id === id)?.contents ?? bytes(0);
const rows = (id, row) => new Reader(contents(id)).list(row);
/** What a row was made of, and what it says. */
const raw = (row) => (reader) => {
  const from = reader.at;
  const said = row(reader);
  return { said, raw: reader.bytes.subarray(from, reader.at) };
};

const types = rows(1, (reader) => {
  if (reader.byte() !== 0x60) throw new Error("a type that is not a function");
  const taken = reader.list(() => reader.byte()).length;
  reader.list(() => reader.byte());
  return taken;
});
const imports = rows(2, (reader) => {
  reader.text();
  const name = reader.text();
  if (reader.byte() !== 0) throw new Error(`${name} is imported, and is not a function`);
  return { name, type: reader.number() };
});
const own = rows(3, (reader) => reader.number());
const tables = rows(4, raw((reader) => (reader.byte(), limits(reader))));
const globals = rows(6, raw((reader) => {
  const type = [reader.byte(), reader.byte()];
  while (reader.byte() !== 0x0b) reader.pass();
  return type;
}));
const exported = rows(7, raw((reader) => ({ name: reader.text(), kind: reader.byte(), index: reader.number() })));
const element = new Reader(contents(9));
const taken = new Set(element.list(() => elements(element)).flat());
const bodies = rows(10, (reader) => reader.take(reader.number()));

const begins = imports.length;
const called = bodies.map(calls);
const name = names(all);
const asks = imports.findIndex(({ name }) => name.includes("emu704Rest"));
if (asks < 0 || name.size === 0) throw new Error(`${firstFile}: the import emu704Rest, or the names, are missing`);

/** A function that comes later; what is shorter than its way there stays. */
const isLater = (index) => {
  const called = name.get(index) ?? "";
  return bodies[index - begins]?.length > 24 && LATER.some((pattern) => pattern.test(called)) && !NOW.some((pattern) => pattern.test(called));
};
/** All that is reached from outside or through the table without passing a later function is needed first. */
const first = new Set();
const entries = new Set();
const todo = [...exported.filter(({ said }) => said.kind === 0).map(({ said }) => said.index), ...taken];
while (todo.length > 0) {
  const index = todo.pop();
  if (index < begins || first.has(index) || entries.has(index)) continue;
  if (isLater(index)) {
    entries.add(index);
    continue;
  }
  first.add(index);
  todo.push(...called[index - begins].map(({ called }) => called));
}
const moved = bodies.map((_, n) => n + begins).filter((index) => !first.has(index));
/** Functions of FIRST that are called from there. */
const needed = [...new Set(moved.flatMap((index) => called[index - begins].map(({ called }) => called)))].filter((index) => index < begins || first.has(index)).sort((a, b) => a - b);
const slots = new Map([...entries].sort((a, b) => a - b).map((index, n) => [index, n]));

const ready = globals.length;
const table = tables.length;
/** A later function, as FIRST has it. */
function way(index) {
  if (!slots.has(index)) return sized(bytes(0, 0x00, 0x0b));
  const type = own[index - begins];
  const arguments_ = Array.from({ length: types[type] }, (_, n) => Buffer.concat([bytes(0x20), leb(n)]));
  return sized(
    bytes(0, 0x23), leb(ready), bytes(0x45, 0x04, 0x40, 0x10), leb(asks), bytes(0x0b),
    ...arguments_, bytes(0x41), signed(slots.get(index)), bytes(0x11), leb(type), leb(table), bytes(0x0b),
  );
}
const named = (number) => number.toString(36);
const shared = [
  ...tables.map((_, n) => ({ name: `t${n}`, kind: 1, index: n })), { name: tag, kind: 1, index: table },
  ...globals.map((_, n) => ({ name: `g${n}`, kind: 3, index: n })), { name: "ready", kind: 3, index: ready },
  ...needed.map((index) => ({ name: `f${named(index)}`, kind: 0, index })),
];
const rewritten = {
  4: () => list([...tables.map(({ raw }) => raw), Buffer.concat([bytes(0x70, 0), leb(slots.size)])]),
  6: () => list([...globals.map(({ raw }) => raw), bytes(0x7f, 1, 0x41, 0, 0x0b)]),
  7: () => list([...exported.map(({ raw }) => raw), ...shared.map(({ name, kind, index }) => Buffer.concat([text(name), bytes(kind), leb(index)]))]),
  10: () => list(bodies.map((body, n) => (first.has(n + begins) ? sized(body) : way(n + begins)))),
};
writeFileSync(firstFile, Buffer.concat([HEAD, ...all.filter(({ id }) => id !== 0).map(({ id, contents }) => section(id, rewritten[id]?.() ?? contents))]));

const number = new Map([...needed, ...moved].map((index, n) => [index, n]));
/** A body whose calls have the numbers of REST. */
function renumbered(index) {
  const body = bodies[index - begins];
  let at = 0;
  const parts = [];
  for (const { called: other, from, to } of called[index - begins]) {
    parts.push(body.subarray(at, from), leb(number.get(other)));
    at = to;
  }
  return sized(...parts, body.subarray(at));
}
const typeOf = (index) => (index < begins ? imports[index].type : own[index - begins]);
const from = (name, ...kind) => Buffer.concat([text("first"), text(name), ...kind]);
const memory = new Reader(contents(5));
memory.number();
writeFileSync(restFile, Buffer.concat([
  HEAD,
  section(1, contents(1)),
  section(2, list([
    from("memory", bytes(2), contents(5).subarray(memory.at)),
    ...tables.map(({ raw }, n) => from(`t${n}`, bytes(1), raw)), from(tag, bytes(1, 0x70, 0), leb(slots.size)),
    ...globals.map(({ said }, n) => from(`g${n}`, bytes(3, ...said))),
    ...needed.map((index) => from(`f${named(index)}`, bytes(0), leb(typeOf(index)))),
  ])),
  section(3, list(moved.map((index) => leb(own[index - begins])))),
  section(9, list([Buffer.concat([bytes(2), leb(table), bytes(0x41, 0, 0x0b, 0), list([...slots.keys()].map((index) => leb(number.get(index))))])])),
  section(10, list(moved.map(renumbered))),
]));

// for tools/late.mjs, and for people: what stays, and what has a way to REST, with sizes and numbers
const line = (index) => `${first.has(index) ? "first" : "rest"} ${bodies[index - begins].length} ${index} ${name.get(index)}\n`;
const listed = [...first, ...entries].sort((a, b) => bodies[b - begins].length - bodies[a - begins].length);
writeFileSync(`${firstFile}.txt`, listed.map(line).join(""));
