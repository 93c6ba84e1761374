import { invalidOptions } from "../errors.ts";

/** Never used, because there is no default store on Workers. */
export const DEFAULT_STORE_ADVICE = "";

/** Replaces default-store.ts on Workers, so that their bundle does not contain the memory store. */
export function defaultStore(): never {
  throw invalidOptions(
    "Expected a `store`, got none. Workers have no default, because their memory ends with the isolate. Pass a durable store such as d1Store(env.DB), or write `store: memoryStore()`.",
  );
}
