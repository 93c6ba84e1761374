import type { MemoryStoreOptions } from "@abstrakt-webhooks/core";
import { createManualClock, type BootStore, type StoreHarness } from "@abstrakt-webhooks/testing";
import { describe, expect, it } from "vitest";
import * as answers from "./planted-faults/answers.ts";
import * as claims from "./planted-faults/claims.ts";
import * as deliveries from "./planted-faults/deliveries.ts";
import * as ingest from "./planted-faults/ingest.ts";
import { intact } from "./planted-faults/intact.ts";
import * as interleavings from "./planted-faults/interleavings.ts";
import * as lists from "./planted-faults/lists.ts";
import * as leases from "./planted-faults/leases.ts";
import { NUMBERS, withText } from "./planted-faults/number-texts.ts";
import * as settlements from "./planted-faults/settlements.ts";
import * as rows from "./planted-faults/rows.ts";
import { bootIntact, transactionFaults } from "./planted-faults/transactions.ts";
import { suiteResults } from "./suite-results.ts";

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

const run = (make: MakeStore) => suiteResults(bootWith(make), { bounded: true });

const broken = {
  ...answers,
  ...claims,
  ...deliveries,
  ...ingest,
  ...interleavings,
  ...leases,
  ...lists,
  ...settlements,
  ...rows,
};

/** Each fault, and a test of the suite that must fail. */
const FAULTS: Record<keyof typeof broken, string> = {
  getThenSet: "concurrency > 1000 identical deliveries: 1 leased, 999 duplicates",
  conflictOverwrites:
    "ingest > another result is a conflict in every state and changes only the counter",
  lruForLiveRows: "ingest > at maxLive a new job is refused and no live row is removed",
  caselessIds: "identity > unusual ids are kept exactly",
  shortPayloads: "identity > a payload of 200 kB comes back unchanged",
  expectedRowTakenByAnyBinding: "bindings > an expected job accepts a result only from its own URL",
  parkedPayloadLost:
    "parking > an unrecognised payload without a row becomes a dead letter and is never claimed",
  parkingDropped: "parking > an expected row stays expected and is polled now",
  claimIgnoresDueTime: "leases > a row that is not due is not claimed",
  newestFirst: "leases > the row that is due longest is claimed first",
  lostLeasesForgotten:
    "leases > a live lease is not claimed; a lost lease is claimed and counts as an attempt",
  lostLeasesHidden: "leases > a lost lease is reported until an attempt ends",
  lostLeaseHidesTheError: "leases > a lost lease keeps the error of the attempt before it",
  attemptsCountedAtFailure:
    "leases > each claim counts as an attempt, also when it is never settled",
  settleWithoutFence: "settle > an old lease settles nothing once the job is leased again",
  releaseKeepsTheAttempt: "settle > release makes the row due at once and counts no attempt",
  releaseIgnoresItsDelay:
    "settle > release with a delay makes the row due after the delay, with its error, and counts no attempt",
  extendDoesNothing: "settle > extend lengthens the lease under the same fence",
  confirmedResultIgnored: "settle > done with a result replaces the result of the row",
  ttlIgnored: "retention > a done row answers duplicates until doneTtlMs, then the job is new",
  oneTtlForAll: "retention > a done row answers duplicates until doneTtlMs, then the job is new",
  pruneIgnoresItsLimit:
    "retention > prune removes at most its limit, returns the number, and keeps rows within retention",
  fenceReusedAfterRedrive:
    "dead letters > a redriven row is pending and due now, has no attempts, and keeps its fence",
  redriveKeepsTheAttempts:
    "dead letters > a redriven row is pending and due now, has no attempts, and keeps its fence",
  pagesCutBeforeFiltering: "lists > pending and leased rows are listed by due time, page by page",
  stateListedById:
    "lists > done and dead rows are listed by settling time, latest first, page by page",
  oneRowOfEachTime: "lists > rows with the same time are each listed once",
  pagesByOffset: "lists > a row that leaves the list between two pages hides no other row",
  prefixIsAPattern: "lists > a prefix selects rows by job id, in every state or in one",
  payloadsAlways: "lists > without payloads the records are otherwise the same",
  foreignCursorsTaken: "lists > an `after` of another list is refused",
  pollSurvivesTheResult: "polls > a result that arrives ends the lease of the running poll",
  expectForgetsTheArrived:
    "expected jobs > expect after the result answers arrived in every state and changes nothing",
  nextDueForgetsPolls: "expected jobs > expect makes a row that waits for its first poll",
  pollsAreNotLeased: "polls > a due poll is claimed once",
  traitsOfAnother: "contract > the traits have the retention of the options",
  inspectsInSilence: "contract > inspect, where there is one, returns each warning as a sentence",
  dueThoughEmpty: "contract > an empty store has nothing due and nothing to prune",
  overdueIsNegative: "leases > nextDueInMs is 0 when a row is overdue",
  dueTimesHidden: "leases > every row that is not done or dead has a due time",
  listsBackwards:
    "lists > without a state, rows are listed by job id ascending, page by page, to the end",
  listIgnoresTheState: "lists > rows of one state are listed as the same records that get returns",
  statsWithoutAge:
    "dead letters > stats counts rows by state, and gives the age of the oldest that waits",
  statsWithoutExpected:
    "dead letters > stats counts expected jobs, which are not results that wait",
  timesInSeconds:
    "settle > a settled row has the times of its arrival and its settlement, in milliseconds",
  payloadTidied: "identity > a payload is kept as text and not formatted again",
  sourceForgotten: "identity > fingerprint, binding and source are kept unchanged",
  neverLeases: "ingest > a new result is leased",
  storingCountsAsAttempt:
    "ingest > a new result with leaseMs 0 is stored and due now, with no attempt",
  repeatRevivesTheDead:
    "ingest > an equal delivery is a duplicate in every state and changes nothing",
  conflictEndsTheLease: "ingest > a conflict does not end a lease",
  oneResultForAll: "ingest > results of two jobs do not affect each other",
  expectedRowTakenByEverybody:
    "concurrency > expect and 200 webhooks at once: 1 leased, 199 duplicates",
  parkedRowTaken: "parking > the first result that arrives replaces a parked row",
  repeatByAnyBinding: "bindings > an equal result by another binding is a conflict in every state",
  noBindingIsAnother: "bindings > a binding on only one side is no conflict",
  freedRowKeepsItsBinding: "bindings > a freed row loses the binding of its result",
  freedRowForgetsItsExpectation:
    "bindings > a freed job that was expected keeps the binding it was expected with",
  versionsContradict:
    "ingest > a fingerprint of another version is no contradiction, in every state",
  arrivedByAnyUrl:
    "bindings > a result of another URL makes expect answer contested in every state, and stays",
  firstUrlKept: "bindings > a job expected by two URLs accepts its result from the newer one",
  neverReady: "contract > ready, where there is one, resolves and changes nothing",
  readyLeavesARow: "contract > ready, where there is one, resolves and changes nothing",
  readyThoughFull: "contract > ready, where there is one, rejects when the store is full",
  deadRowsTakeRoom: "ingest > dead jobs do not count as live, and none becomes live beyond maxLive",
  wordsRefused: "settle > an error text that a backend may be unable to hold still ends the lease",
  looksThenClaims: "concurrency > 8 claimers claim each of 200 due rows once",
  claimsBackwards: "leases > the row that is due longest is claimed first",
  claimIgnoresItsLimit: "leases > a claim leases at most its limit",
  claimByIdIgnoresTheLease: "leases > a claimed row is not claimed again",
  claimByIdRunsAgain: "leases > a claim by job id leases no done, dead or unknown job",
  doneIsForgotten: "settle > done settles a job once, and the job is never claimed again",
  deathWithoutReason:
    "settle > dead keeps the row with its error and payload, and the row is never claimed",
  settleSaysYes: "concurrency > of 50 settles under one fence, one is accepted",
  lateSettleRefused:
    "settle > a settle after the end of its lease is accepted if the job was not claimed since",
  redriveSaysYes: "dead letters > redrive affects only a dead row, and only once",
  redriveForgetsTheResult: "dead letters > a redriven result is still a duplicate of itself",
  expectedTooLate: "expected jobs > a job counts as expected also when its result came first",
  givesUpInTwoSteps: "concurrency > a result that arrives while a poll of its job gives up is kept",
  redrivesInTwoSteps:
    "concurrency > a result that arrives while a parked payload of its job is redriven is kept",
  prunesInTwoSteps:
    "concurrency > a result that arrives while prune removes the old row of its job is kept",
  settlesInTwoSteps: "concurrency > a lease that has ended is either settled or claimed again",
  everyRowEnds: "retention > rows that are not done or dead outlive every retention",
};

/** The test that fails when capabilities are declared wrongly; see below. */
const METHODS = "contract > the store has the declared methods, and no others";

/** A store that has only the six required methods. */
const bare: MakeStore = (options) => {
  const { expect: _expect, claimPolls, settlePoll, list, redrive, stats, ...six } = intact(options);
  return six;
};

it("the store without a fault passes every test", async () => {
  const { passed, failed, skipped } = await run(intact);
  expect(failed).toEqual([]);
  expect(passed.length).toBeGreaterThan(80);
  expect(skipped.every((name) => / \(skipped: the harness has no `\w+`\)$/.test(name))).toBe(true);
});

describe("a capability", () => {
  it("that is declared missing is skipped, and the title says so", async () => {
    const none = { expectedJobs: false, deadLetters: false };
    const { passed, failed, skipped } = await suiteResults(bootWith(bare), none);
    expect(failed).toEqual([]);
    expect(passed.length).toBeGreaterThan(40);
    expect(skipped).toContain(
      "polls > a result that arrives ends the lease of the running poll" +
        " (skipped: the store has no ExpectedJobs: expect, claimPolls, settlePoll)",
    );
    expect(skipped).toContain(
      "dead letters > redrive affects only a dead row, and only once" +
        " (skipped: the store has no DeadLetters: list, redrive, stats)",
    );
  });

  it("that is missing without a declaration fails", async () => {
    expect((await suiteResults(bootWith(bare), {})).failed).toContain(METHODS);
  });

  it("that exists cannot be declared missing", async () => {
    const { failed } = await suiteResults(bootWith(intact), { deadLetters: false });
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
    return suiteResults(boot, { shared: true, namespaces: true });
  };

  it("run every race on both, and separate namespaces pass", async () => {
    const { passed, failed } = await run2(true);
    expect(failed).toEqual([]);
    expect(passed).toContain(
      "concurrency > 1000 identical deliveries: 1 leased, 999 duplicates (two instances)",
    );
    expect(passed).toContain("concurrency > two namespaces do not affect each other");
  });

  it("that share a namespace are caught", async () =>
    expect((await run2(false)).failed).toEqual([
      "concurrency > two namespaces do not affect each other",
    ]));
});

describe("transactions", () => {
  const capabilities = { bounded: true, transactions: true };
  const topic = /^transactions > /;

  it("of the store without a fault pass every test, and are skipped without the capability", async () => {
    const { passed, failed } = await suiteResults(bootIntact, capabilities);
    expect(failed).toEqual([]);
    const tests = passed.filter((name) => topic.test(name));
    const { skipped } = await run(intact);
    expect(skipped.filter((name) => topic.test(name))).toEqual(
      tests.map((name) => `${name} (skipped: the harness has no \`transaction\`)`),
    );
    const faults = Object.values(transactionFaults);
    expect(new Set(faults.map(([, test]) => `transactions > ${test}`))).toEqual(new Set(tests));
  });

  it.each(Object.entries(transactionFaults))("%s is caught", async (_name, [boot, test]) => {
    expect((await suiteResults(boot, capabilities)).failed).toContain(`transactions > ${test}`);
  });

  it("that are given or declared alone fail", async () => {
    expect((await suiteResults(bootIntact, { bounded: true })).failed).toEqual([METHODS]);
    const { failed } = await suiteResults(bootWith(intact), { transactions: true });
    expect(failed).toContain(METHODS);
  });
});

describe("a number that is a text", () => {
  it.each(NUMBERS)("is caught, and the failure names it: %s", async (field) => {
    const { messages } = await run(withText(field));
    const named = `\\.${field}\`, got the text "`;
    expect(messages).toContainEqual(expect.stringMatching(named));
  });
});

describe("a planted fault is caught by its test", () => {
  const runs = new Map<MakeStore, ReturnType<typeof run>>();
  /** The tests that fail on a fault. Each fault runs once, at its first use. */
  const failedBy = async (make: MakeStore): Promise<string[]> => {
    const known = runs.get(make) ?? run(make);
    runs.set(make, known);
    return (await known).failed;
  };

  for (const [name, make] of Object.entries(broken)) {
    it(name, async () => {
      expect(await failedBy(make)).toContain(FAULTS[name as keyof typeof FAULTS]);
    });
  }

  it("and each test of the suite catches at least one fault", async () => {
    const caught = new Set<string>();
    for (const make of Object.values(broken)) {
      for (const test of await failedBy(make)) caught.add(test);
    }
    const { passed } = await run(intact);
    expect(passed.filter((test) => !caught.has(test))).toEqual([METHODS]);
  });
});
