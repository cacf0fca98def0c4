// Reads and writes as much of WebAssembly's binary form as split.mjs needs: sections, functions, and the calls in them.

/** A reader of bytes. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** A number without a sign, in LEB128. */
  number() {
    let result = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      result += (byte & 127) * factor;
      if (byte < 128) return result;
    }
  }

  /** Passes a number of any kind in LEB128. */
  pass() {
    while (this.byte() >= 128);
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return Buffer.from(this.take(this.number())).toString("utf8");
  }

  /** A list with its count before it. */
  list(row) {
    return Array.from({ length: this.number() }, () => row(this));
  }
}

/** A number without a sign in LEB128. */
export function leb(number) {
  const bytes = [];
  do {
    bytes.push((number % 128) + (number >= 128 ? 128 : 0));
    number = Math.floor(number / 128);
  } while (number > 0);
  return Buffer.from(bytes);
}

/** A number that is not negative, as `i32.const` has it: bit 6 of the last byte is the sign. */
export function signed(number) {
  const bytes = leb(number);
  const last = bytes.at(-1);
  return last < 64 ? bytes : Buffer.concat([bytes.subarray(0, -1), Buffer.from([last | 128, 0])]);
}

export const text = (text) => Buffer.concat([leb(Buffer.byteLength(text)), Buffer.from(text)]);
export const list = (rows) => Buffer.concat([leb(rows.length), ...rows]);
export const bytes = (...numbers) => Buffer.from(numbers);
/** Bytes with their length before them. */
export const sized = (...parts) => {
  const all = Buffer.concat(parts);
  return Buffer.concat([leb(all.length), all]);
};
export const section = (id, ...parts) => Buffer.concat([bytes(id), sized(...parts)]);
export const HEAD = Buffer.from("\0asm\x01\0\0\0", "latin1");

/** The sections of a module, each with its number and contents; sections with a name have the number 0. */
export function sections(module) {
  const reader = new Reader(module, HEAD.length);
  const all = [];
  while (reader.at < module.length) all.push({ id: reader.byte(), contents: reader.take(reader.number()) });
  return all;
}

/** The names of functions by their numbers, from the section `name`. */
export function names(all) {
  const found = new Map();
  for (const { id, contents } of all) {
    const reader = new Reader(contents);
    if (id !== 0 || reader.text() !== "name") continue;
    while (reader.at < contents.length) {
      const kind = reader.byte();
      const part = new Reader(reader.take(reader.number()));
      if (kind === 1) part.list(() => found.set(part.number(), part.text()));
    }
  }
  return found;
}

/** Limits of a table or a memory. */
export function limits(reader) {
  const most = reader.byte() & 1;
  reader.pass();
  if (most) reader.pass();
}

/** Passes an expression of a constant, as before the words of a segment. */
function constant(reader) {
  for (let op = reader.byte(); op !== 0x0b; op = reader.byte()) immediate(reader, op, () => {});
}

/** The functions that a segment of elements names. Segments of expressions do not occur. */
export function elements(reader) {
  const flags = reader.number();
  if (flags > 3) throw new Error(`a segment of elements of the kind ${flags}: expected 0 to 3`);
  if (flags === 2) reader.pass();
  if (flags % 2 === 0) constant(reader);
  if (flags > 0) reader.byte();
  return reader.list(() => reader.number());
}

/** Passes what follows an instruction. `call` hears of each function that is named, and of the place of its number. */
function immediate(reader, op, call) {
  const passes = (count) => {
    for (let n = 0; n < count; n++) reader.pass();
  };
  if (op === 0x10 || op === 0x12 || op === 0xd2) {
    const from = reader.at;
    call(reader.number(), from, reader.at, op);
  } else if (op === 0x0e) {
    passes(reader.number() + 1);
  } else if (op === 0x1c) {
    reader.take(reader.number());
  } else if ((op >= 0x02 && op <= 0x04) || op === 0x0c || op === 0x0d || (op >= 0x20 && op <= 0x26) || (op >= 0x3f && op <= 0x42) || op === 0xd0) {
    passes(1);
  } else if (op === 0x11 || op === 0x13 || (op >= 0x28 && op <= 0x3e)) {
    passes(2);
  } else if (op === 0x43) {
    reader.take(4);
  } else if (op === 0x44) {
    reader.take(8);
  } else if (op === 0xfc) {
    const more = reader.number();
    if (more > 17) throw new Error(`instruction fc ${more} is not known`);
    if (more > 7) passes([8, 10, 12, 14].includes(more) ? 2 : 1);
  } else if (![0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1].includes(op) && !(op >= 0x45 && op <= 0xc4)) {
    throw new Error(`instruction ${op.toString(16)} is not known`);
  }
}

/** The calls in the body of a function: what is called, and where its number lies. */
export function calls(body) {
  const reader = new Reader(body);
  const found = [];
  reader.list(() => (reader.pass(), reader.byte()));
  while (reader.at < body.length) {
    const op = reader.byte();
    immediate(reader, op, (called, from, to, op) => {
      if (op === 0xd2) throw new Error("a reference to a function: only calls are known");
      found.push({ called, from, to });
    });
  }
  return found;
}
