import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createConsoleListener } from "../../src/receiver/events/console.ts";
import type { DeadEvent, EventError, RetryEvent } from "../../src/receiver/events/events.ts";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "warn").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => void vi.restoreAllMocks());

const NAME = "[abstrakt-webhooks]";
const error: EventError = { code: "Error", message: "no table" };
const thrown = Object.assign(new Error("no table"), {
  stack: "Error: no table\n    at save (a.ts)",
});

const retry = (o: Partial<RetryEvent> = {}): RetryEvent => ({
  type: "retry",
  atMs: 0,
  jobId: "a",
  attempt: 2,
  handlerMs: 1,
  delayMs: 9_400,
  error,
  ...o,
});
const dead = (o: Partial<DeadEvent> = {}): DeadEvent => ({
  type: "dead",
  atMs: 0,
  jobId: "a",
  attempt: 3,
  reason: "attempts_exhausted",
  ...o,
});
const refusal = (status: number, reason: string) =>
  ({ type: "refused", atMs: 0, ackMs: 0, status, reason }) as const;

const later = "Its later failures are not printed: pass `onEvent` to see them all.";
const advice = 'Look at it with `list({ state: "dead" })`, and run it again with `redrive`.';
const nothingRan =
  'Nothing ran for it. Look at the record\'s `payload` in `list({ state: "dead" })`.';

it.each([
  [
    "a failure with its stack and the delay",
    retry({ cause: thrown }),
    `The callback of job a failed at attempt 2: Error: no table\n    at save (a.ts)\n  It runs again in 9 s. ${later}`,
  ],
  [
    "a failure of which only the error is known, and a delay of less than a second",
    retry({ ref: "order", delayMs: 30 }),
    `Attempt 2 of job a (ref order) failed: Error: no table\n  It runs again in 1 s. ${later}`,
  ],
  [
    "a dead letter of the first attempt with its stack",
    dead({ attempt: 1, cause: thrown, error }),
    `job a is dead after attempt 1 (attempts_exhausted). ${advice} Error: no table\n    at save (a.ts)`,
  ],
  [
    "a dead letter of the first attempt of which only the error is known",
    dead({ attempt: 1, error }),
    `job a is dead after attempt 1 (attempts_exhausted). ${advice} Error: no table`,
  ],
  [
    "a dead letter of a later attempt without its stack",
    dead({ cause: thrown, error }),
    `job a is dead after attempt 3 (attempts_exhausted). ${advice} Error: no table`,
  ],
  [
    "a dead letter without an attempt or an error",
    dead({ attempt: 0, reason: "never_delivered" }),
    `job a is dead (never_delivered). ${advice}`,
  ],
  [
    "a payload that is not recognised, and why",
    dead({ attempt: 0, reason: "unrecognized", error }),
    `job a is dead (unrecognized): no table. ${nothingRan}`,
  ],
  [
    "a payload that is not recognised for an unknown reason",
    dead({ attempt: 0, reason: "unrecognized" }),
    `job a is dead (unrecognized): its payload holds no result. ${nothingRan}`,
  ],
  [
    "a warning",
    { type: "warning", atMs: 0, error: { code: "internal", message: "Do it." } } as const,
    "Do it.",
  ],
  [
    "a refusal with the error, although there is advice",
    { ...refusal(401, "closed"), error },
    "A delivery was refused with 401 (closed). no table The same reason is not printed again.",
  ],
])("the console prints %s", (_name, event, text) => {
  createConsoleListener({ closed: "Open it." })(event);
  expect(lines).toEqual([`${NAME} ${text}`]);
});

it("the console prints no refusal that passes by itself, and no event of an ordinary job", () => {
  const print = createConsoleListener({});
  for (const status of [405, 413, 503]) print(refusal(status, "other"));
  print({ type: "stored", atMs: 0, jobId: "a", source: "webhook", status: 200 });
  print({ type: "done", atMs: 0, jobId: "a", attempt: 1, handlerMs: 1 });
  expect(lines).toEqual([]);
  print(refusal(500, "internal"));
  print(refusal(400, "internal"));
  expect(lines).toHaveLength(2);
});

it("the console remembers the first failures of a thousand jobs", () => {
  const print = createConsoleListener({});
  for (let index = 0; index < 1_000; index += 1) print(retry({ jobId: `job-${index}` }));
  expect(lines).toHaveLength(1_000);
  print(retry({ jobId: "job-0" }));
  print(retry({ jobId: "job-999" }));
  expect(lines).toHaveLength(1_000);
  print(retry({ jobId: "one more" }));
  print(retry({ jobId: "job-0" }));
  expect(lines).toHaveLength(1_002);
});
