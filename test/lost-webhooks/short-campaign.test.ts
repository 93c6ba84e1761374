import { expect, it } from "vitest";
import { findPostgres } from "../support/postgres-server.ts";
import { runCampaign, type Campaign } from "./campaign.ts";
import { postgresPlace, sqlitePlace } from "./temporary-databases.ts";

/** The short form of `pnpm campaign`: the same promises, without measured times. */
const SHORT = {
  jobs: 500,
  kills: 2,
  seed: 7,
  times: { longestJobMs: 1_000, poll: { afterMs: 1_500, everyMs: 1_000 }, leaseMs: 2_000 },
} satisfies Partial<Campaign>;
const LONGEST_MS = 120_000;

const server = await findPostgres();

async function keepsPromises(campaign: Campaign): Promise<void> {
  const report = await runCampaign(campaign);
  const text = JSON.stringify(report);
  expect(report.wrong, text).toEqual({
    missing: 0,
    twice: 0,
    otherResult: 0,
    forged: 0,
    letIn: 0,
    open: 0,
  });
  expect(report.promised).toBe(SHORT.jobs);
  expect(report.undelivered, text).toBeGreaterThan(50);
  expect(report.bySource["poll"], text).toBeGreaterThan(50);
}

it(
  "one process on SQLite is killed twice, with lost, repeated and forged webhooks: each job is handled once",
  async () => {
    const { place, close } = sqlitePlace();
    await keepsPromises({ ...SHORT, place, instances: 1 }).finally(close);
  },
  LONGEST_MS,
);

it.skipIf(server === undefined)(
  "two of three instances on PostgreSQL are killed (needs a server): each job is handled once",
  async () => {
    if (server === undefined) return;
    const { place, close } = await postgresPlace(server);
    await keepsPromises({ ...SHORT, place, instances: 3 }).finally(close);
  },
  LONGEST_MS,
);
