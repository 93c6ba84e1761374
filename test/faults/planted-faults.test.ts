import { afterAll, expect, it } from "vitest";
import { startCampaign, type Campaign } from "./campaign.ts";
import type { Backend } from "./backends/backend.ts";
import type { Violation } from "./history/check-history.ts";
import { plantedFaults } from "./planted-faults/planted-faults.ts";
import type { Outcome } from "./outcome.ts";
import { clocksApart } from "./parts/clocks.ts";
import { drained } from "./parts/drain.ts";
import { serversKilled } from "./parts/kills.ts";
import { outages } from "./parts/outages.ts";
import { pausedWorker } from "./parts/pause.ts";
import { poison } from "./parts/poison.ts";
import type { ServerOptions } from "./run.ts";

// A limit, in case a part hangs.
const TIMEOUT_MS = 300_000;
const campaign = await startCampaign(1, ["sqlite", "postgres", "redis"]);
afterAll(() => campaign.close());

type Part = (campaign: Campaign, backend: Backend, server: ServerOptions) => Promise<Outcome>;

const killed: Part = (on, backend, server) =>
  serversKilled(on, backend, { kills: 7, server, withinMs: 2_000 });
const failing: Part = (on, backend, server) =>
  outages(on, backend, { rounds: 1, server, withinMs: 2_000 });

interface Catch {
  readonly by: Violation["rule"];
  readonly part: Part;
  /** Default SQLite. */
  readonly on?: Backend["kind"];
  /** Default: the planted fault of this name. */
  readonly server?: ServerOptions;
}

const catches: Record<string, Catch> = {
  acknowledgesBeforeItWrites: { by: "lost", part: killed },
  acknowledgesWhatFailed: { by: "lost", part: failing, on: "redis" },
  forgetsWhatIsDone: { by: "repeatsForgotten", part: killed },
  settlesWithoutFence: { by: "zombiesBelieved", part: pausedWorker },
  doesNotRecordDone: { by: "doneAgain", part: killed },
  doesNotExtend: { by: "leasesAtOnce", part: pausedWorker },
  leasesForEver: { by: "lost", part: killed },
  leasesTooShort: { by: "leasesAtOnce", part: killed },
  neverMovesTheFence: { by: "fencesThatFell", part: killed },
  releaseCountsTheAttempt: { by: "attemptsMiscounted", part: drained },
  countsNoAttempts: { by: "runsTooOften", part: poison },
  doesNotRecover: { by: "part", part: killed },
  doesNotDrain: { by: "part", part: drained },
  "waits for the store without a timeout": {
    by: "refusedLate",
    part: failing,
    on: "postgres",
    server: { storeTimeoutMs: 60_000 },
  },
  "leases by the clock of the host, as SQLite does": {
    by: "part",
    part: clocksApart,
    server: {},
  },
};

it("every planted fault is tried", () => {
  expect(Object.keys(catches)).toEqual(expect.arrayContaining(Object.keys(plantedFaults)));
});

for (const [name, { by, part, on = "sqlite", server = { plantedFault: name } }] of Object.entries(
  catches,
)) {
  const backend = campaign.backends.find(({ kind }) => kind === on);
  const test = backend === undefined ? it.skip : it.concurrent;
  test(
    `the fault ${name} is caught by the rule ${by} (${backend?.kind ?? `found no ${on} to start`})`,
    async () => {
      if (backend === undefined) return;
      const { violations } = await part(campaign, backend, server);
      expect(violations.map(({ rule }) => rule)).toContain(by);
    },
    TIMEOUT_MS,
  );
}
