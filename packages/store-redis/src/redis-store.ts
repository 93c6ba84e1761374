import type { DeadLetters, ExpectedJobs, JobStore } from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/store";
import { deadLetters } from "./dead-letters.ts";
import { takeDue } from "./due.ts";
import { expectedJobs } from "./expected-jobs.ts";
import { createGate } from "./gate.ts";
import { createIngest } from "./ingest.ts";
import { inspect } from "./inspect.ts";
import { CLAIM } from "./lua/claim.ts";
import { LOOK, NEXT_DUE, PRUNE, READY } from "./lua/look.ts";
import { toSettings, type RedisStoreOptions } from "./options.ts";
import { toLease, toRecord, type LeaseRow, type RecordRow, type Value } from "./row.ts";
import { createRun } from "./run.ts";
import { createSettle } from "./settle.ts";

/** A job store in Redis. */
export interface RedisStore extends JobStore, ExpectedJobs, DeadLetters {
  /** Resolves if the server takes writes. A replica and a full server take none. */
  ready(): Promise<void>;
  /** Warns about settings of the server that put results at risk. Upstash reports no settings. */
  inspect(): Promise<{ warnings: string[] }>;
}

/**
 * Keeps jobs in Redis 6.2 or later, or in Valkey. Any number of instances may share one server. A
 * result that was answered 200 is as safe as the server's persistence makes it. `inspect` warns
 * where the server's settings may lose results.
 *
 * An ingest is one script and one round trip, and so is a settle. Calls that arrive while a script
 * runs share the next one. The store uses the server's clock only. A script gets the names of all
 * its keys, and all begin with the same hash tag, so a cluster works. Done and dead rows expire by
 * themselves when their retention ends, also without `prune`.
 *
 * @throws AbstraktWebhookError `invalid_options` at once, also for a client that is not recognised.
 * The methods reject with `store_unavailable` when the server fails, and at once while the client
 * has lost its connection. The message says what to do, and the client's error is the cause.
 *
 * @example
 * ```ts
 * const store = redisStore({ client: new Redis(process.env.REDIS_URL) });
 * const receiver = createReceiver({ auth: "none", store });
 * receiver.start();
 * ```
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  const settings = checkedFor(redisStore, () => toSettings(options));
  const { driver, keys, doneTtlMs, deadTtlMs, keepPayload, waitReplicas } = settings;
  const gate = createGate(driver);
  const run = createRun(driver, gate, keys);

  return {
    traits: { durable: true, shared: true, doneTtlMs, deadTtlMs },
    ingest: createIngest(run, { deadTtlMs, waitReplicas }),
    async claim({ leaseMs, limit, jobId }) {
      const take = async (jobIds: string[], early: string) => {
        const args = [leaseMs, early, ...jobIds];
        return (await run<LeaseRow[]>(CLAIM, jobIds, args)).map(toLease);
      };
      if (limit < 1) return [];
      if (jobId !== undefined) return take([jobId], "1");
      return takeDue(run, "work", limit, (jobIds) => take(jobIds, ""));
    },
    settle: createSettle(run, { doneTtlMs, deadTtlMs, keepPayload }),
    async get(jobId) {
      const [row] = await run<RecordRow[]>(LOOK, [jobId], ["1"]);
      return toRecord(jobId, row);
    },
    async nextDueInMs() {
      const due = await run<Value>(NEXT_DUE, [], []);
      return due === "" ? undefined : Math.max(0, Number(due));
    },
    async prune({ limit }) {
      return Number(await run(PRUNE, [], [limit]));
    },
    ready: async () => void (await run(READY, [], [], waitReplicas)),
    async inspect() {
      await gate();
      return inspect(driver);
    },
    ...expectedJobs(run, deadTtlMs),
    ...deadLetters(run),
  };
}
