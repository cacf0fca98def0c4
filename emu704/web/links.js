// @ts-check
/**
 * Links that carry a program and the state of the switches, behind the `#` of the address: no server ever sees that. A link is what
 * somebody else has written. What it may bring is in {@link Carried}, and it is only shown until the visitor says that it shall run.
 */

/**
 * What a link can carry.
 * @typedef {object} Carried
 * @property {string} [source] cards
 * @property {boolean} [free] they are in free form
 * @property {string} [name] of the program, without an ending
 * @property {string[]} [job] acts in the words of job files, `at CYCLE` before those that wait; only those of {@link ACTS}
 * @property {number[]} [sense] sense switches that are down
 * @property {string} [keys] the entry keys, twelve octal digits
 * @property {string} [speed] real, 10x, 100x or full
 * @property {number} [lesson] the lesson that is open
 * @property {boolean} [embed] the page is a part of another
 */

/** Bytes of a source or a job, at most. */
const MOST = 200000;
/** Acts of a job, at most. */
const MOST_ACTS = 200;
/** What a link may have done: keys and switches, and a blank reel. None of them names a file. */
const ACTS = /^(at \d{1,12} )?(sense [1-6] (up|down)|keys [0-7]{12}|press [a-z-]+|load (cards|tape|drum)|start|reset|clear|automatic|manual|power (on|off)|blank (10|[1-9]))$/;
const SPEEDS = ["real", "10x", "100x", "full"];

/** @param {ReadableStream} stream @param {number} most @returns {Promise<Uint8Array>} */
async function all(stream, most) {
  const reader = stream.getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error(`more than ${most} bytes`);
    }
    parts.push(value);
  }
  const out = new Uint8Array(length);
  parts.reduce((at, part) => (out.set(part, at), at + part.length), 0);
  return out;
}

/** Text as deflated bytes in base64 of addresses. @param {string} text */
export async function pack(text) {
  const bytes = await all(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")), Infinity);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} packed */
export async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(await all(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")), MOST));
}

/** The address of the page with all that behind its `#`. @param {Carried} carried */
export async function linkOf(carried) {
  const parts = [];
  const { source, free, name, job, sense, keys, speed, lesson, embed } = carried;
  if (lesson !== undefined) parts.push(`lesson=${lesson}`);
  if (name && name !== "mine") parts.push(`name=${encodeURIComponent(name)}`);
  if (source !== undefined) parts.push(`${free ? "free" : "sap"}=${await pack(source)}`);
  if (job?.length) parts.push(`job=${await pack(job.join("\n"))}`);
  if (sense?.length) parts.push(`sense=${sense.join("")}`);
  if (keys && !/^0*$/.test(keys)) parts.push(`keys=${keys}`);
  if (speed && speed !== "real") parts.push(`speed=${speed}`);
  if (embed) parts.push("embed");
  return `${location.href.replace(/#.*/, "")}#${parts.join("&")}`;
}

/**
 * What a link carries; none when it carries nothing.
 * @param {string} hash
 * @returns {Promise<Carried | null>}
 * @throws {Error} it is damaged, or brings what no link may bring
 */
export async function read(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const text = async (/** @type {string} */ key) => {
    const packed = words.get(key);
    if (packed === null) return undefined;
    return unpack(packed).catch((error) => {
      throw new Error(`the link is damaged at \`${key}\`: ${error.message || "it cannot be unpacked"}`);
    });
  };
  /** @type {Carried} */
  const carried = {};
  const bad = (/** @type {string} */ what, /** @type {string} */ found) => new Error(`the link has a bad ${what}: \`${found.slice(0, 60)}\``);
  const free = await text("free");
  carried.source = free ?? (await text("sap"));
  carried.free = free !== undefined;
  const name = words.get("name");
  if (name !== null) {
    if (!/^[\w.+-]{1,40}$/.test(name)) throw bad("name", name);
    carried.name = name;
  }
  const job = (await text("job"))?.split("\n").map((act) => act.trim()).filter((act) => act !== "");
  if (job) {
    const wrong = job.find((act) => !ACTS.test(act));
    if (wrong !== undefined || job.length > MOST_ACTS) throw bad("act", wrong ?? `${job.length} acts`);
    carried.job = job;
  }
  const sense = words.get("sense");
  if (sense !== null) {
    if (!/^[1-6]{0,6}$/.test(sense)) throw bad("sense switch", sense);
    carried.sense = [...sense].map(Number);
  }
  const keys = words.get("keys");
  if (keys !== null) {
    if (!/^[0-7]{12}$/.test(keys)) throw bad("word of the entry keys", keys);
    carried.keys = keys;
  }
  const speed = words.get("speed");
  if (speed !== null) {
    if (!SPEEDS.includes(speed)) throw bad("speed", speed);
    carried.speed = speed;
  }
  const lesson = words.get("lesson");
  if (lesson !== null) {
    if (!/^\d{1,2}$/.test(lesson)) throw bad("lesson", lesson);
    carried.lesson = Number(lesson);
  }
  if (words.has("embed")) carried.embed = true;
  const brings = carried.source !== undefined || carried.job || carried.sense || carried.keys || carried.speed || carried.lesson || carried.embed;
  return brings ? carried : null;
}
