// @ts-check
/** The worker of the workbench: it assembles, and runs exercises in machines of their own, while the machine of the page goes on. */
import init, { Workbench } from "./workbench.js";

/** @type {Workbench | null} */
let bench = null;

self.onmessage = async ({ data: { id, call, args } }) => {
  try {
    if (call === "begin") {
      await init(args[0] ? { module_or_path: args[0] } : undefined);
      bench = new Workbench();
      return self.postMessage({ id, result: null });
    }
    // @ts-ignore: a method by its name
    self.postMessage({ id, result: bench[call](...args) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
