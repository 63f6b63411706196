// What Stash loads with every one of its pages, before it shows anything: as small as it can be, and nothing done at load.
import { keepWorkerAwake } from "./wake";

keepWorkerAwake();
if (window.PluginApi) {
  // Not imported above: what is imported there asks for PluginApi at once, and the worker is to be woken without it too.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { addToStash } = require("./additions") as typeof import("./additions");
  addToStash(window.PluginApi);
}
