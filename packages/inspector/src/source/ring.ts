import type { SeenEvent } from "./source.ts";

/** The newest events of a process. `push` is fast: the page computes all it needs later. */
export interface Ring {
  push(event: SeenEvent): void;
  /** Oldest first. */
  toArray(): readonly SeenEvent[];
}

/** The maximum number of refused payloads that are kept. Each has at most 64 kB. */
const MAX_PAYLOADS = 50;

/** Keeps the last `size` events. */
export function createRing(size: number): Ring {
  const slots: SeenEvent[] = [];
  const conflicts: SeenEvent[] = [];
  let next = 0;
  return {
    push(event) {
      slots[next] = event.type === "conflict" ? keepPayload(event, conflicts) : withoutCause(event);
      next = (next + 1) % size;
    },
    toArray: () => [...slots.slice(next), ...slots.slice(0, next)],
  };
}

/** Copies an event without `cause`, which is not enumerable and may hold much memory. */
const withoutCause = (event: SeenEvent): SeenEvent =>
  event.type === "retry" || event.type === "dead" ? { ...event } : event;

type Conflict = Extract<SeenEvent, { type: "conflict" }>;

function keepPayload(event: Conflict, conflicts: SeenEvent[]): SeenEvent {
  const { payload } = event;
  const kept: { -readonly [K in keyof Conflict]: Conflict[K] } = { ...event };
  if (payload === undefined) return kept;
  kept.payload = payload;
  const dropped = conflicts.length < MAX_PAYLOADS ? undefined : conflicts.shift();
  if (dropped?.type === "conflict") Reflect.deleteProperty(dropped, "payload");
  conflicts.push(kept);
  return kept;
}
