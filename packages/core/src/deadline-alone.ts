import { timer } from "./clock.ts";
import type { Deadline } from "./deadline.ts";

/** Takes the place of deadline.ts on Workers, where a timer ends with the request that has set it. */
export const createDeadline =
  (delayMs: number): Deadline =>
  (expire) =>
    timer(delayMs, expire);
