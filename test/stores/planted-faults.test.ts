import type { MemoryStoreOptions } from "@abstrakt-webhooks/core";
import { createManualClock, type BootStore, type StoreHarness } from "@abstrakt-webhooks/testing";
import { describe, expect, it } from "vitest";
import * as ingest from "./broken/ingest.ts";
import { intact } from "./broken/intact.ts";
import * as leases from "./broken/leases.ts";
import * as rows from "./broken/rows.ts";
import { collect } from "./collect.ts";

type MakeStore = (options: MemoryStoreOptions) => StoreHarness["store"];

const bootWith =
  (make: MakeStore): BootStore =>
  (options) => {
    const clock = createManualClock();
    return {
      store: make({ ...options, clock: clock.now }),
      elapse: async (ms) => clock.advance(ms),
    };
  };

const run = (make: MakeStore) => collect(bootWith(make), { bounded: true });

/** Each fault, and one test that must see it. */
const FAULTS: Record<keyof (typeof ingest & typeof leases & typeof rows), string> = {
  getThenSet: "concurrency > 1000 identical deliveries: 1 leased, 999 duplicates",
  conflictOverwrites:
    "ingest > another result is a conflict in every state and moves only its counter",
  lruForLiveRows: "ingest > at maxLive a new job is refused and no row in flight gives way",
  caselessIds: "identity > hostile ids are ids like others",
  shortPayloads: "identity > a payload of 200 kB comes back letter by letter",
  expectedRowTakenByAnyBinding: "bindings > an expected job is delivered by its own URL alone",
  parkedPayloadLost: "parking > no row: dead as unrecognized, its payload kept, not run",
  parkingDropped: "parking > an expected row stays expected and is polled now",
  claimIgnoresDueTime: "leases > a row that is not due is not claimed",
  newestFirst: "leases > the longest due comes first",
  lostLeasesForgotten:
    "leases > a live lease is not claimed; a lost one is, and counts as an attempt",
  lostLeasesHidden: "leases > a lost lease leaves its trace until an attempt ends",
  attemptsCountedAtFailure: "leases > attempts count claims, also when nobody comes back to settle",
  settleWithoutFence: "settle > a zombie settles nothing once another holds the lease",
  releaseKeepsTheAttempt: "settle > release: due at once, the attempt given back",
  releaseIgnoresItsDelay:
    "settle > release with a delay: due after it, under its error, the attempt given back",
  extendDoesNothing: "settle > extend: the lease goes on, under the same fence",
  confirmedResultIgnored: "settle > done with a result: it replaces what the row holds",
  ttlIgnored: "retention > a done row answers duplicates until doneTtlMs, then the job is new",
  oneTtlForAll: "retention > a done row answers duplicates until doneTtlMs, then the job is new",
  pruneIgnoresItsLimit:
    "retention > prune removes at most its limit, says how many, and leaves what is not over",
  fenceReusedAfterRedrive: "dead letters > redrive: pending, due now, no attempts, the fence kept",
  redriveKeepsTheAttempts: "dead letters > redrive: pending, due now, no attempts, the fence kept",
  pagesCutBeforeFiltering: "dead letters > list: one state over several pages",
  pollSurvivesTheResult: "polls > an arriving result voids the running poll",
  expectForgetsTheArrived:
    "expected jobs > expect after the result answers arrived in every state and moves nothing",
  nextDueForgetsPolls: "expected jobs > expect makes a row that waits for its first poll",
  pollsAreNotLeased: "polls > a poll is claimed when it is due, by one only",
};

/** A store that has the six methods and no more. */
const bare: MakeStore = (options) => {
  const { expect: _expect, claimPolls, settlePoll, list, redrive, stats, ...six } = intact(options);
  return six;
};

it("the intact store passes every test", async () => {
  const { passed, failed, skipped } = await run(intact);
  expect(failed).toEqual([]);
  expect(passed.length).toBeGreaterThan(80);
  expect(skipped.every((name) => / \(skipped: the harness has no `\w+`\)$/.test(name))).toBe(true);
});

describe("capabilities", () => {
  const METHODS = "contract > has the methods that were declared, and no others";

  it("what is declared missing is skipped under a name that says so", async () => {
    const none = { expectedJobs: false, deadLetters: false };
    const { passed, failed, skipped } = await collect(bootWith(bare), none);
    expect(failed).toEqual([]);
    expect(passed.length).toBeGreaterThan(40);
    expect(skipped).toContain(
      "polls > an arriving result voids the running poll" +
        " (skipped: the store has no ExpectedJobs: expect, claimPolls, settlePoll)",
    );
    expect(skipped).toContain(
      "dead letters > redrive: nothing but a dead row, and only once" +
        " (skipped: the store has no DeadLetters: list, redrive, stats)",
    );
  });

  it("what is missing undeclared fails", async () => {
    expect((await collect(bootWith(bare), {})).failed).toContain(METHODS);
  });

  it("what is there cannot be declared missing", async () => {
    const { failed } = await collect(bootWith(intact), { deadLetters: false });
    expect(failed).toEqual([METHODS]);
  });
});

describe("several instances", () => {
  const run2 = (isApart: boolean) => {
    const boot: BootStore = (options) => {
      const clock = createManualClock();
      const make = () => intact({ ...options, clock: clock.now });
      const store = make();
      return {
        store,
        elapse: async (ms) => clock.advance(ms),
        another: async () => store,
        otherNamespace: async () => (isApart ? make() : store),
      };
    };
    return collect(boot, { shared: true, namespaces: true });
  };

  it("run every race on both, and namespaces apart pass", async () => {
    const { passed, failed } = await run2(true);
    expect(failed).toEqual([]);
    expect(passed).toContain(
      "concurrency > 1000 identical deliveries: 1 leased, 999 duplicates (two instances)",
    );
    expect(passed).toContain("concurrency > two namespaces never meet");
  });

  it("namespaces that meet are caught", async () =>
    expect((await run2(false)).failed).toEqual(["concurrency > two namespaces never meet"]));
});

describe("a planted fault is caught", () => {
  for (const [name, broken] of Object.entries({ ...ingest, ...leases, ...rows })) {
    it(name, async () => {
      const { failed } = await run(broken);
      expect(failed).toContain(FAULTS[name as keyof typeof FAULTS]);
    });
  }
});
