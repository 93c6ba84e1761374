import { invalidOptions } from "../errors.ts";

/** Takes the place of default-store.ts on Workers, so that nobody carries the memory store there unasked. */
export function defaultStore(): never {
  throw invalidOptions(
    "Expected `store`: an isolate's memory ends with it, so Workers have no default. Pass a durable store such as d1Store(env.DB), or write `store: memoryStore()`.",
  );
}
