import {
  createReceiver,
  type HandlerContext,
  type JobStore,
  type ReceiverEvent,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it, onTestFinished } from "vitest";

/** A database with a table of effects next to the jobs, and two stores on it. */
export interface Shop {
  readonly stores: readonly [JobStore, JobStore];
  /** Writes the effect and runs `work` in one transaction. An error rolls it back. */
  transaction(jobId: string, work: (tx: unknown) => Promise<void>): Promise<void>;
  effects(): Promise<string[]>;
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

const LEASE_MS = 60_000;

/** Tests of `ctx.settleIn` on a real database: two receivers, one effect. */
export function settleInTests(open: () => Promise<Shop>): void {
  const boot = async (options: Partial<ReceiverOptions> = {}) => {
    const shop = await open();
    onTestFinished(shop.close);
    const attempts: string[] = [];
    const start = (store: JobStore, name: string, before?: Promise<void>) => {
      const events: ReceiverEvent[] = [];
      const complete = async ({ job_id }: { job_id: string }, ctx: HandlerContext) => {
        attempts.push(`${job_id} on ${name}`);
        await before;
        await shop.transaction(job_id, async (tx) => ctx.settleIn(tx));
      };
      const receiver = createReceiver({
        auth: "none",
        store,
        onSucceeded: complete,
        onFailed: complete,
        onEvent: (event) => void events.push(event),
        limits: { leaseMs: LEASE_MS, concurrency: 5 },
        ...options,
      });
      const told = (type: ReceiverEvent["type"]) => events.filter((event) => event.type === type);
      return { receiver, told };
    };
    return { ...shop, attempts, start };
  };

  it("every job has its effect once, whichever instance claimed it", async () => {
    const { stores, start, effects, attempts } = await boot();
    const receivers = stores.map((store, index) => start(store, `${index}`).receiver);
    const jobs = [
      ...Array.from({ length: 20 }, () => succeededPayload()),
      ...Array.from({ length: 5 }, () => failedPayload()),
    ];
    const twice = receivers.flatMap((receiver) => jobs.map((job) => receiver.ingest(job)));
    const kinds = (await Promise.all(twice)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "stored")).toHaveLength(jobs.length);
    for (const receiver of receivers) await receiver.idle();
    expect((await effects()).sort()).toEqual(jobs.map((job) => job.job_id).sort());
    expect(attempts).toHaveLength(jobs.length);
    const rows = await Promise.all(jobs.map((job) => stores[0].get(job.job_id)));
    expect(rows.map((row) => row?.state)).toEqual(jobs.map(() => "done"));
  });

  it("after a lease is lost during a callback both attempts run, and only the second has its effect", async () => {
    const { stores, start, effects, attempts, elapse } = await boot();
    let resume = (): void => undefined;
    const paused = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const first = start(stores[0], "first", paused);
    const second = start(stores[1], "second");
    const job = succeededPayload();
    await first.receiver.ingest(job);
    await expect.poll(() => attempts).toEqual([`${job.job_id} on first`]);
    await elapse(LEASE_MS + 1);
    await second.receiver.tick();
    resume();
    await first.receiver.idle();

    expect(attempts).toEqual([`${job.job_id} on first`, `${job.job_id} on second`]);
    expect(await effects()).toEqual([job.job_id]);
    expect(first.told("done")).toEqual([]);
    expect(first.told("warning")).toMatchObject([{ error: { code: "lease_lost" } }]);
    expect(second.told("done")).toMatchObject([{ jobId: job.job_id, attempt: 2 }]);
    expect(await stores[0].get(job.job_id)).toMatchObject({ state: "done", fence: 2 });
  });

  it("a transaction that is rolled back leaves no write, and the job runs again", async () => {
    const { stores, start, effects, transaction, elapse } = await boot();
    const seen: (string | undefined)[] = [];
    const failing = start(stores[0], "failing").receiver;
    const job = succeededPayload();
    const receiver = createReceiver({
      auth: "none",
      store: stores[0],
      onEvent: () => undefined,
      onSucceeded: async ({ job_id }, ctx) => {
        const rolledBack = transaction(job_id, async (tx) => {
          await ctx.settleIn(tx);
          throw new Error("constraint");
        });
        await rolledBack.catch(() => undefined);
        seen.push((await stores[1].get(job_id))?.state);
      },
    });
    await receiver.ingest(job);
    await receiver.idle();
    expect(seen).toEqual(["leased"]);
    expect(await effects()).toEqual([]);
    expect(await stores[1].get(job.job_id)).toMatchObject({
      state: "pending",
      error: expect.stringContaining("not_committed"),
    });
    await elapse(3_600_000);
    await failing.tick();
    expect(await effects()).toEqual([job.job_id]);
    expect(await stores[1].get(job.job_id)).toMatchObject({ state: "done", attempts: 2 });
  });

  it("a confirmed result is written with the completion", async () => {
    const truth = succeededPayload({ credits_used: 7 });
    const forged = succeededPayload({ job_id: truth.job_id });
    const confirm = async () => ({ kind: "confirmed", result: truth }) as const;
    const { stores, start, effects } = await boot({ auth: { confirm } });
    const { receiver } = start(stores[0], "confirming");
    await receiver.ingest(forged);
    await receiver.idle();
    expect(await effects()).toEqual([truth.job_id]);
    expect(JSON.parse((await stores[1].get(truth.job_id))?.payload ?? "")).toMatchObject({
      credits_used: 7,
    });
  });
}
