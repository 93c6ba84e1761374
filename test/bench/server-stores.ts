import type { Mounted, Save } from "./mounted.ts";
import { mount } from "./server-express.ts";
import { openStore, type StoreName } from "./stores.ts";

/** The Express adapter over a store. */
export const onStore =
  (name: StoreName) =>
  async (save: Save): Promise<Mounted> =>
    mount((await openStore[name]()).store, save);
