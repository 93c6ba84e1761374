import type { StoreName } from "./comparisons.ts";
import type { Servers } from "./mounted.ts";
import { baseline, mount } from "./server-express.ts";
import { openStore } from "./stores.ts";

/** The provider's documented handler, and the Express adapter over a store. */
export const serversOn = (name: StoreName): Servers => ({
  baseline,
  ours: async (save) => mount((await openStore[name]()).store, save),
});
