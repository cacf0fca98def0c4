// @ts-check
/**
 * The scenes of the story. A scene is over when the machines say so, never because a visitor has waited or pressed something. So the
 * story cannot say that something happened if it did not.
 */

/** @typedef {import("./story.js").Story} Story */

/**
 * @typedef {object} Scene
 * @property {string} title
 * @property {string} text
 * @property {{ pane: "A" | "B", part: string }} [hint] what the visitor may work
 * @property {(story: Story) => boolean} done it has happened
 * @property {(story: Story) => unknown} act what the page does when there is no visitor
 * @property {number} seconds how long it is shown at least when the page plays by itself
 * @property {(story: Story) => unknown} [begins] what happens by itself
 */

/** A whole checkpoint of 8,192 words of core is on the reel: six characters a word, and the registers. */
export const WHOLE = 49000;

const JOB = "Machine A computes how a plate of metal warms from its edge: 1,000 sweeps in floating point. Here it takes four minutes; in 1955 there were jobs that took nights, and a machine of tubes failed every few hours.";

/** @param {string} more @returns {Scene} */
const job = (more) => ({
  title: "A job", text: `${JOB} ${more}`,
  begins: (story) => story.a.desk.does(story.a.desk.machine.call("go")),
  done: (story) => story.a.cycles > 400_000, act: () => {}, seconds: 9,
});

/** @type {Scene} */
const CLEAR = {
  title: "CLEAR",
  text: "At machine B, press CLEAR: zeros into every word of core.",
  hint: { pane: "B", part: "CLEAR" },
  done: (story) => story.cleared, act: (story) => story.b.desk.act("clear"), seconds: 4,
};

/** @type {Scene} */
const CONTINUES = {
  title: "The job continues",
  text: "It continues with the very next instruction, as if nothing had happened. Set machine B to 10 × or more, and wait for the paper.",
  hint: { pane: "B", part: "10x" },
  done: (story) => story.b.stopped && story.b.paper !== "", act: (story) => story.b.desk.speed("10x"), seconds: 3,
};

/** @type {Scene[]} */
const WITH_A_REEL = [
  job("A blank reel is on tape unit 1."),
  {
    title: "Ten times as fast",
    text: "Set machine A to 10 ×, to make it go faster. The lamps tell the truth at any speed: the longer one is lit, the brighter it is.",
    hint: { pane: "A", part: "10x" },
    done: (story) => story.a.cycles > 3_000_000, act: (story) => story.a.desk.speed("10x"), seconds: 4,
  },
  {
    title: "Please, a checkpoint",
    text: "The operator puts SENSE SWITCH 1 of machine A down. The job asks for it in each sweep.",
    hint: { pane: "A", part: "SENSE SWITCH 1" },
    begins: (story) => story.a.desk.speed("real"),
    done: (story) => story.a.picture?.sense[0] === true && story.a.picture.tapes[0].writes, act: (story) => story.a.desk.act("sense 1 down"), seconds: 2,
  },
  {
    title: "The tape turns",
    text: "The program writes all of core and its registers on the reel as one record. MQ is the ring through which the characters go: look at its lamps. Norman Hardy thought of such a routine in 1955. Put the switch up again, or the job writes another in its next sweep.",
    hint: { pane: "A", part: "SENSE SWITCH 1" },
    done: (story) => story.a.picture?.sense[0] === false && story.a.rests && story.a.reel >= WHOLE,
    act: (story) => story.a.desk.act("sense 1 up"), seconds: 6,
  },
  {
    title: "The power fails",
    text: "The job has continued. Now pull the plug of machine A: NORMAL OFF. Core and registers are gone, and with them the work.",
    hint: { pane: "A", part: "NORMAL OFF" },
    done: (story) => story.a.picture?.power === false, act: (story) => story.a.desk.act("power off"), seconds: 6,
  },
  {
    title: "The reel",
    text: "All that is left of the job is the reel on tape unit 1. Carry it to machine B, another 704, another morning. Its core holds whatever it holds.",
    hint: { pane: "B", part: "carry" },
    done: (story) => story.carried, act: (story) => story.carry(), seconds: 6,
  },
  CLEAR,
  {
    title: "LOAD TAPE",
    begins: (story) => (story.loadedAt = story.b.cycles),
    text: "Press LOAD TAPE. Two words come into core, and they bring the rest.",
    hint: { pane: "B", part: "LOAD TAPE" },
    done: (story) => story.b.picture?.going === true && story.b.cycles > story.loadedAt + 400_000, act: (story) => story.b.desk.act("load tape"), seconds: 4,
  },
  CONTINUES,
];

/** @type {Scene[]} */
const WITH_A_CABLE = [
  job("There is no reel in this story."),
  {
    title: "A cable",
    text: "Lay a cable: tape unit 1 of machine A is then tape unit 1 of machine B. Neither program can see that this is not a reel. No 704 had such a cable; it is an invention of this page's.",
    hint: { pane: "B", part: "cable" },
    done: (story) => story.cabled, act: (story) => story.cable(), seconds: 6,
  },
  CLEAR,
  {
    title: "LOAD TAPE",
    begins: (story) => (story.loadedAt = story.b.cycles),
    text: "Press LOAD TAPE at machine B. It reads a record that is not written yet, and waits for it. Its clock stands still meanwhile.",
    hint: { pane: "B", part: "LOAD TAPE" },
    done: (story) => story.b.picture?.going === true,
    act: (story) => story.b.desk.act("load tape"), seconds: 5,
  },
  {
    title: "Please, a checkpoint",
    text: "Now put SENSE SWITCH 1 of machine A down. The job asks for it in each sweep, and writes all of core on tape unit 1.",
    hint: { pane: "A", part: "SENSE SWITCH 1" },
    done: (story) => story.a.picture?.sense[0] === true && story.a.picture.tapes[0].writes, act: (story) => story.a.desk.act("sense 1 down"), seconds: 2,
  },
  {
    title: "The job passes",
    text: "What machine A writes, machine B reads, character by character: look at the lamps of both MQs. Put the switch up again, or machine A writes once more, and waits for a reader.",
    hint: { pane: "A", part: "SENSE SWITCH 1" },
    done: (story) => story.a.picture?.sense[0] === false && !story.a.picture.tapes[0].selected && story.b.picture?.going === true
      && !story.b.picture.tapes[0].selected && story.b.cycles > story.loadedAt + 400_000,
    act: (story) => story.a.desk.act("sense 1 up"), seconds: 6,
  },
  {
    title: "The power fails",
    text: "There was one job; now there are two. Pull the plug of machine A: NORMAL OFF. Its core and registers are gone.",
    hint: { pane: "A", part: "NORMAL OFF" },
    done: (story) => story.a.picture?.power === false, act: (story) => story.a.desk.act("power off"), seconds: 6,
  },
  CONTINUES,
];

/** The scenes of both ways to carry a job. */
export const SCENES = { reel: WITH_A_REEL, cable: WITH_A_CABLE };
