import { invalidOptions } from "../errors.ts";

/** There is none to say anything about. */
export const DEFAULT_STORE_ADVICE = "";

/** Takes the place of default-store.ts on Workers, so that nobody carries the memory store there unasked. */
export function defaultStore(): never {
  throw invalidOptions(
    "Expected `store`: Workers have no default, since their memory ends with the isolate. Pass a durable store such as d1Store(env.DB), or write `store: memoryStore()`.",
  );
}
