import { expect, it } from "vitest";
import { checkHistory, type CheckOptions } from "./history/check-history.ts";
import type { Answered, Called, Granted, HistoryEvent, Settled } from "./history/event.ts";

const LEASE_MS = 100;

const on = (by: string, atMs: number) => ({ by, atMs, jobId: "job" });
const granted = (by: string, fence: number, atMs: number, attempt = fence): Granted => ({
  kind: "granted",
  ...on(by, atMs),
  fence,
  attempt,
  leaseMs: LEASE_MS,
  sentAtMs: atMs - 1,
});
const called = (by: string, kind: Called["kind"], fence: number, atMs: number): Called => ({
  kind,
  ...on(by, atMs),
  fence,
  attempt: fence,
});
const settled = (by: string, to: Settled["to"], fence: number, atMs: number, ok = true) => {
  const settling = { kind: "settling", ...on(by, atMs - 1), fence, to } as const;
  const extra = to === "extend" ? { leaseMs: LEASE_MS } : {};
  const answer = { kind: "settled", ...on(by, atMs), fence, to, ok, sentAtMs: atMs - 1 } as const;
  return [settling, { ...answer, ...extra }];
};
const answered = (atMs: number, status = 200, duplicate = false): Answered => ({
  kind: "answered",
  ...on("sender", atMs),
  status,
  duplicate,
  sentAtMs: atMs - 1,
});
const final = (state: string): HistoryEvent => ({
  kind: "final",
  ...on("campaign", 9_000),
  state,
  attempts: 1,
});
const ran = (by: string, fence: number, atMs: number): HistoryEvent[] => [
  called(by, "started", fence, atMs),
  called(by, "completed", fence, atMs + 1),
];

/** A job whose first process was killed and which another process completed. */
const good: HistoryEvent[] = [
  granted("a", 1, 10),
  answered(11),
  ...ran("a", 1, 12),
  granted("b", 2, 120),
  ...ran("b", 2, 121),
  ...settled("b", "done", 2, 130),
  answered(200, 200, true),
  final("done"),
];

it("the checker finds nothing wrong with a good history", () => {
  expect(checkHistory(good, { refusedWithinMs: 100, maxAttempts: 2 })).toEqual([]);
});

it("a job may be leased as soon as it was released", () => {
  const history = [
    granted("a", 1, 10),
    ...settled("a", "retry", 1, 20),
    granted("b", 2, 21),
    ...settled("b", "release", 2, 22),
    granted("c", 3, 23, 2),
    ...ran("c", 3, 24),
    ...settled("c", "done", 3, 30),
  ];
  expect(checkHistory(history)).toEqual([]);
});

it("a result that was sent and never answered is no fault", () => {
  const [sent] = settled("a", "done", 1, 20);
  const history = [granted("a", 1, 10), ...ran("a", 1, 11), sent as HistoryEvent];
  expect(checkHistory([...history, granted("b", 2, 30), ...ran("b", 2, 31)])).toEqual([]);
});

const bad: Record<string, [rule: string, HistoryEvent[], CheckOptions?]> = {
  "an acknowledged result without a row": ["lost", [answered(10)]],
  "a row that no callback handles": ["lost", [answered(10), final("leased")]],
  "a dead letter for a handled job": [
    "lost",
    [granted("a", 1, 9), answered(10), ...ran("a", 1, 11), final("dead")],
  ],
  "a result that a memory store has lost": ["lost", [answered(10)], { rows: false }],
  "done twice": [
    "doneAgain",
    [
      granted("a", 1, 10),
      ...ran("a", 1, 11),
      ...settled("a", "done", 1, 12),
      ...settled("a", "done", 1, 14),
    ],
  ],
  "a lease after the job was done": [
    "doneAgain",
    [granted("a", 1, 10), ...ran("a", 1, 11), ...settled("a", "done", 1, 12), granted("b", 2, 500)],
  ],
  "a done job without a callback": [
    "doneUnhandled",
    [granted("a", 1, 10), ...settled("a", "done", 1, 12)],
  ],
  "a job that was done by a process without a callback": [
    "doneUnhandled",
    [granted("a", 1, 10), ...ran("a", 1, 11), ...settled("b", "done", 1, 20)],
  ],
  "a repeat that is answered as new": [
    "repeatsForgotten",
    [granted("a", 1, 9), answered(10), ...ran("a", 1, 11), answered(50), final("done")],
  ],
  "a late 503": [
    "refusedLate",
    [{ ...answered(500, 503), sentAtMs: 10 }],
    { refusedWithinMs: 100 },
  ],
  "an answer that no receiver gives": ["refusedLate", [answered(10, 500)]],
  "more attempts than maxAttempts": [
    "runsTooOften",
    [granted("a", 1, 10), ...ran("a", 1, 11), granted("b", 2, 200), ...ran("b", 2, 201)],
    { maxAttempts: 1 },
  ],
  "one fence twice": ["fencesThatFell", [granted("a", 1, 10), granted("b", 1, 200)]],
  "a lower fence than before": ["fencesThatFell", [granted("a", 2, 10), granted("b", 1, 200)]],
  "two leases at once": ["leasesAtOnce", [granted("a", 1, 10), granted("b", 2, 60)]],
  "an extension that was granted and not kept": [
    "leasesAtOnce",
    [granted("a", 1, 10), ...settled("a", "extend", 1, 60), granted("b", 2, 120)],
  ],
  "a settlement under an old fence that is accepted": [
    "zombiesBelieved",
    [
      granted("a", 1, 10),
      ...ran("a", 1, 11),
      granted("b", 2, 200),
      ...settled("a", "done", 1, 250),
    ],
  ],
  "a callback that runs without a lease": [
    "runsWithoutLease",
    [granted("a", 1, 10), ...ran("b", 1, 11)],
  ],
  "a callback that runs twice under one lease": [
    "runsWithoutLease",
    [granted("a", 1, 10), ...ran("a", 1, 11), ...ran("a", 1, 20)],
  ],
  "a claim that counts no attempt": [
    "attemptsMiscounted",
    [granted("a", 1, 10, 1), granted("b", 2, 200, 1)],
  ],
  "a release that counts an attempt": [
    "attemptsMiscounted",
    [granted("a", 1, 10, 1), ...settled("a", "release", 1, 20), granted("b", 2, 30, 2)],
  ],
};

it.each(Object.entries(bad))("the checker finds %s", (_, [rule, history, options]) => {
  expect(checkHistory(history, options).map((violation) => violation.rule)).toContain(rule);
});
