// @ts-check
/** The shelf: reels, decks, drums and programs that are the visitor's own, kept in the browser, and nowhere else. */

/** @typedef {{ name: string, bytes: Uint8Array, title?: string, place?: string, kind?: string, own: boolean, unmade?: boolean }} Item a file; one that is not made yet has no bytes */
/** @typedef {{ name: string, snapshot: string, paper: string, at: number }} Kept a room as it was left */

const DATABASE = "emu704";
/** Milliseconds in which a browser opens its storage, or has none. */
const SILENCE = 6000;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

/** Where a browser keeps nothing, as in a private window, the shelf lasts as long as the page. @returns {Promise<IDBDatabase | null>} */
async function open() {
  try {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("files", { keyPath: "name" });
      request.result.createObjectStore("rooms", { keyPath: "name" });
    };
    // some browsers do not even answer
    return await Promise.race([done(request), new Promise((_, failed) => setTimeout(failed, SILENCE))]);
  } catch {
    return null;
  }
}

/** A name that the monitor takes as one word. @param {string} name */
export const wordOf = (name) => name.replace(/\s+/g, "-").replace(/[^\w.+-]/g, "_") || "file";

/** Saves bytes as a file of the visitor's own computer. @param {string} name @param {Blob | Uint8Array} bytes */
export function download(name, bytes) {
  const blob = bytes instanceof Blob ? bytes : new Blob([/** @type {any} */ (bytes)]);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** The files, by name. It tells `changed`. */
export class Shelf extends EventTarget {
  constructor() {
    super();
    /** None until it is open, or where a browser keeps nothing. @type {IDBDatabase | null} */
    this.database = null;
    /** @type {Map<string, Item>} */
    this.items = new Map();
  }

  /** Brings what was kept. */
  async open() {
    const database = await open();
    if (!database) return;
    const kept = await done(database.transaction("files").objectStore("files").getAll());
    this.database = database;
    for (const item of kept) this.items.set(item.name, { ...item, own: true });
    this.dispatchEvent(new Event("changed"));
  }

  /** What the page gives; the visitor's own files of the same names stay. @param {Item[]} given */
  give(given) {
    for (const item of given) if (!this.items.has(item.name)) this.items.set(item.name, item);
  }

  /** A name that nothing has yet. @param {string} name */
  free(name) {
    const [, stem, ending] = /^(.*?)(\.\w+)?$/.exec(wordOf(name)) ?? ["", name, ""];
    for (let n = 1; ; n++) {
      const tried = n === 1 ? `${stem}${ending ?? ""}` : `${stem}-${n}${ending ?? ""}`;
      if (!this.items.has(tried)) return tried;
    }
  }

  /** Puts files on the shelf, and a room with them, all or nothing. @param {Item[]} items @param {Kept} [room] */
  async put(items, room) {
    for (const item of items) this.items.set(item.name, item);
    if (items.length > 0) this.dispatchEvent(new Event("changed"));
    if (!this.database) return;
    const write = this.database.transaction(["files", "rooms"], "readwrite");
    const files = write.objectStore("files");
    for (const { name, bytes, title, place, kind } of items) files.put({ name, bytes, title, place, kind });
    if (room) write.objectStore("rooms").put(room);
    await new Promise((done, failed) => {
      write.oncomplete = () => done(null);
      write.onabort = write.onerror = () => failed(write.error);
    });
    // what somebody has made shall not go when the disk is full
    if (items.length > 0) navigator.storage?.persist?.();
  }

  /** Throws a file away. @param {string} name */
  async remove(name) {
    this.items.delete(name);
    this.dispatchEvent(new Event("changed"));
    if (this.database) await done(this.database.transaction("files", "readwrite").objectStore("files").delete(name));
  }

  /** The room as it was left. @param {string} name @returns {Promise<Kept | undefined>} */
  async room(name) {
    if (!this.database) return undefined;
    return done(this.database.transaction("rooms").objectStore("rooms").get(name));
  }

  /** Forgets a room. @param {string} name */
  async forget(name) {
    if (this.database) await done(this.database.transaction("rooms", "readwrite").objectStore("rooms").delete(name));
  }

  /** Those that belong in a place, in order of their names. @param {string} place */
  of(place) {
    return [...this.items.values()].filter((item) => item.place === place).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
