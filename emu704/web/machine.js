// @ts-check
/** The machines as the page sees them: calls to the worker, and what it tells. */

/**
 * What can be read of a machine.
 * @typedef {{ storage: string, accumulator: string, mq: string, index: string[], counter: string, instruction: string }} Readings
 * @typedef {"stands" | "searches" | "reads" | "writes" | "writes-mark" | "backspaces" | "rewinds"} Does
 * @typedef {{ select: boolean, ready: boolean, protect: boolean, indicator: boolean, load_point: boolean }} Lights
 * @typedef {{ unit: number, label: string, feet: number, reel_feet: number, place: number, records: number, ring: boolean, does: Does,
 *   words: number, lights: Lights }} Tape
 * @typedef {{ state: string, going: boolean, failure: boolean, here: string, core: string, readings: Readings, tapes: Tape[],
 *   power: boolean, drums: number[] }} Told
 * @typedef {{ told: Told, paper: string, happened: string[], ratio: number }} TellDetail
 */

/** The worker with its machines. */
export class Engine {
  /** @param {Worker} worker */
  constructor(worker) {
    this.worker = worker;
    this.next = 1;
    /** @type {Map<number, { done: (result: any) => void, failed: (error: Error) => void }>} */
    this.waiting = new Map();
    /** @type {Map<string, Machine>} */
    this.machines = new Map();
    /** Why nothing is answered any more, once the worker has died. */
    this.dead = "";
    worker.onmessage = ({ data }) => this.received(data);
    worker.onerror = (event) => this.lost(event.message || "its worker could not be started");
  }

  /** @param {string} room @param {string} call @param {any[]} args @returns {Promise<any>} */
  call(room, call, ...args) {
    if (this.dead) return Promise.reject(new Error(this.dead));
    const id = this.next++;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, room, call, args });
    });
  }

  /** @param {any} data */
  received(data) {
    if (data.event === "lost") return this.lost(data.error);
    if (data.event) {
      this.machines.get(data.room)?.dispatchEvent(new CustomEvent(data.event, { detail: data }));
      return;
    }
    const waiting = this.waiting.get(data.id);
    this.waiting.delete(data.id);
    if (data.error !== undefined) waiting?.failed(new Error(data.error));
    else waiting?.done(data.result);
  }

  /** The worker has died: nothing will be answered. @param {string} why */
  lost(why) {
    this.dead = `The machine has failed, and does not answer any more: ${why}. Load the page again; a room that was saved comes back.`;
    this.worker.terminate();
    for (const { failed } of this.waiting.values()) failed(new Error(this.dead));
    this.waiting.clear();
    for (const machine of this.machines.values()) {
      machine.dispatchEvent(new CustomEvent("failed", { detail: { error: this.dead } }));
    }
  }

  /** A machine of this name, new. @param {string} name @param {string} core @param {Machine} [machine] one that has its listeners already */
  async open(name, core, machine = new Machine(this, name)) {
    // listeners of an older machine get nothing from this one
    this.machines.set(name, machine);
    await this.call(name, "open", core);
    return machine;
  }
}

/** One machine. It tells `told` with {@link TellDetail}, and `failed` with an error. */
export class Machine extends EventTarget {
  /** @param {Engine} engine @param {string} name */
  constructor(engine, name) {
    super();
    this.engine = engine;
    this.name = name;
    /** @type {Told | null} */
    this.told = null;
    this.ratio = 0;
    this.addEventListener("told", (event) => {
      const { told, ratio } = /** @type {CustomEvent<TellDetail>} */ (event).detail;
      this.told = told;
      this.ratio = ratio;
    });
  }

  /** A method of `Room704` or of the worker, by its name. @param {string} call @param {any[]} args @returns {Promise<any>} */
  call(call, ...args) {
    return this.engine.call(this.name, call, ...args);
  }

  /** An act in the words of job files; what a person should know about it. @param {string} words @returns {Promise<string>} */
  act(words) {
    return this.call("act", words);
  }
}
