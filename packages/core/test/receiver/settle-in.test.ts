import { describe, expect, it, vi } from "vitest";
import type { HandlerContext, JobSucceeded, ReceiverOptions } from "../../src/index.ts";
import { bodyOf, boot, defer, deliver, forEver, pass, succeeded, useFakeTime } from "./support.ts";
import { type FakeTransaction, transactionalStore } from "./transactional-store.ts";

useFakeTime();
const LEASE_MS = 900;
const elsewhere = { owner: "elsewhere", leaseMs: 60_000, limit: 1 };

type Step = (tx: FakeTransaction, ctx: HandlerContext, job: JobSucceeded) => Promise<void>;

/**
 * A receiver whose callback writes an effect in a transaction, and then ends it as the test says.
 */
function shop(steps: Step | readonly Step[], options: Partial<ReceiverOptions> = {}) {
  const fake = transactionalStore();
  const effects: string[] = [];
  const contexts: HandlerContext[] = [];
  const onSucceeded = vi.fn(async (job: JobSucceeded, ctx: HandlerContext) => {
    contexts.push(ctx);
    const tx = fake.begin();
    tx.write(() => void effects.push(job.job_id));
    const step = typeof steps === "function" ? steps : steps[contexts.length - 1];
    await (step ?? commit)(tx, ctx, job);
  });
  const booted = boot({
    store: fake.store,
    onSucceeded,
    limits: { leaseMs: LEASE_MS, handlerTimeoutMs: 20_000 },
    retry: { minDelayMs: 1_000, maxDelayMs: 1_000, maxAttempts: 3 },
    ...options,
  });
  return { ...fake, ...booted, effects, contexts, onSucceeded };
}

const commit: Step = async (tx, ctx) => {
  await ctx.settleIn(tx);
  await tx.commit();
};

/** Rolls the transaction back when the callback throws, as code around transactions does. */
const carefully =
  (step: Step): Step =>
  async (tx, ctx, job) => {
    try {
      await step(tx, ctx, job);
    } catch (thrown) {
      tx.rollBack();
      throw thrown;
    }
  };

it("settleIn rejects on a store without transactions, and the callback continues", async () => {
  const thrown: unknown[] = [];
  const onSucceeded = async (_job: unknown, ctx: HandlerContext) => {
    await ctx.settleIn({}).catch((error: unknown) => void thrown.push(error));
  };
  const { receiver, of } = boot({ onSucceeded });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(thrown).toMatchObject([
    { code: "unsupported", message: expect.stringContaining("postgresStore") },
  ]);
  expect(of("done")).toHaveLength(1);
});

it("a refused settleIn that the callback does not await fails the attempt, and names `await`", async () => {
  const rejections: unknown[] = [];
  const listen = (thrown: unknown): void => void rejections.push(thrown);
  process.on("unhandledRejection", listen);
  const { store } = transactionalStore();
  store.settleIn = () => Promise.reject(new Error("no transaction is open"));
  const { receiver, of } = boot({
    store,
    onSucceeded: async (_job, ctx) => void ctx.settleIn({}),
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  const { code, message } = of("retry")[0]?.error ?? {};
  expect(code).toBe("not_committed");
  expect(message).toMatch(/Put `await` before ctx\.settleIn.*no transaction is open/);
  await new Promise((resolve) => process.nextTick(resolve));
  process.off("unhandledRejection", listen);
  expect(rejections).toEqual([]);
});

it("two calls in one transaction complete the job once", async () => {
  const { receiver, of, effects } = shop(async (tx, ctx) => {
    await ctx.settleIn(tx);
    await commit(tx, ctx, succeeded("a"));
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(of("done")).toHaveLength(1);
  expect(effects).toEqual(["a"]);
});

it("the job completes with the callback's own writes, and is settled only once", async () => {
  const fake = transactionalStore();
  const settle = vi.fn(fake.store.settle);
  const { receiver, of, warnings } = boot({
    store: { ...fake.store, settle },
    onSucceeded: (job, ctx) => commit(fake.begin(), ctx, job),
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1 }]);
  expect(await fake.inner.get("a")).toMatchObject({ state: "done", fence: 1 });
  expect(settle).not.toHaveBeenCalled();
  expect(warnings()).toEqual([]);
});

it("the callback runs again when it threw and its transaction was rolled back", async () => {
  const { receiver, effects, of } = shop([
    carefully(async (tx, ctx) => {
      await ctx.settleIn(tx);
      throw new Error("constraint");
    }),
  ]);
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(effects).toEqual([]);
  expect(of("retry")).toMatchObject([{ error: { message: "constraint" } }]);
  await pass(1_000);
  expect(of("done")).toMatchObject([{ attempt: 2 }]);
  expect(effects).toEqual(["a"]);
});

it("the callback runs again when its transaction was rolled back although it returned", async () => {
  const { receiver, effects, of } = shop([
    async (tx, ctx) => {
      await ctx.settleIn(tx);
      tx.rollBack();
    },
  ]);
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(of("retry")).toMatchObject([{ error: { code: "not_committed" } }]);
  await pass(1_000);
  expect(of("done")).toMatchObject([{ attempt: 2 }]);
  expect(effects).toEqual(["a"]);
});

it("the job is done when the transaction commits after the callback has ended", async () => {
  const { receiver, effects, of } = shop(async (tx, ctx) => {
    await ctx.settleIn(tx);
    setTimeout(() => void tx.commit(), 500);
  });
  await deliver(receiver, succeeded("a"));
  await pass(1_000);
  expect(of("done")).toHaveLength(1);
  expect(of("retry")).toEqual([]);
  expect(effects).toEqual(["a"]);
});

it("the job is done when the callback fails after its commit", async () => {
  const { receiver, effects, of, onSucceeded } = shop(async (tx, ctx, job) => {
    await commit(tx, ctx, job);
    throw new Error("the mail was not sent");
  });
  await deliver(receiver, succeeded("a"));
  await pass(10_000);
  expect(of("done")).toHaveLength(1);
  expect(effects).toEqual(["a"]);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

describe("a lost lease", () => {
  it("makes settleIn fail within the transaction: only the next attempt has its effect", async () => {
    const gate = defer();
    const refusals: unknown[] = [];
    const first = carefully(async (tx, ctx) => {
      await gate.promise;
      await ctx.settleIn(tx).catch((thrown: unknown) => {
        refusals.push(thrown);
        throw thrown;
      });
      await tx.commit();
    });
    const { receiver, inner, effects, warnings, contexts } = shop(first, {
      limits: { leaseMs: 60_000 },
    });
    await deliver(receiver, succeeded("a"));
    await pass(1);
    // The store says that the lease has ended, whatever the receiver's own clock says.
    await inner.settle({ jobId: "a", fence: 1 }, { to: "release" });
    const [successor] = await inner.claim(elsewhere);
    gate.resolve();
    await pass(1);
    expect(refusals).toMatchObject([
      {
        code: "lease_lost",
        message:
          "Attempt 1 of job a was cut off (lease_lost). Roll the transaction back: the job runs again, or has done so elsewhere.",
      },
    ]);
    expect(effects).toEqual([]);
    expect(contexts[0]?.signal.aborted).toBe(true);
    expect(warnings()).toEqual(["lease_lost"]);
    expect(await inner.get("a")).toMatchObject({ state: "leased", fence: successor?.fence });
  });

  it("makes settleIn fail by the receiver's own clock too, before the store is asked", async () => {
    const gate = defer();
    const { receiver, store, effects, contexts } = shop([
      carefully(async (tx, ctx, job) => {
        await gate.promise;
        await commit(tx, ctx, job);
      }),
      forEver,
    ]);
    const settleIn = vi.spyOn(store, "settleIn");
    vi.spyOn(store, "settle").mockRejectedValue(new Error("down"));
    await deliver(receiver, succeeded("a"));
    await pass(LEASE_MS);
    expect(contexts[0]?.signal.aborted).toBe(true);
    gate.resolve();
    await pass(1);
    expect(settleIn).not.toHaveBeenCalled();
    expect(effects).toEqual([]);
  });

  it("is not hidden by another attempt's completion", async () => {
    const { receiver, inner, effects, of, warnings } = shop(
      async (tx, ctx) => {
        await ctx.settleIn(tx);
        tx.rollBack();
        await inner.settle({ jobId: "a", fence: 1 }, { to: "release" });
        const [successor] = await inner.claim(elsewhere);
        await inner.settle({ jobId: "a", fence: successor?.fence ?? 0 }, { to: "done" });
      },
      { limits: { leaseMs: 60_000 } },
    );
    await deliver(receiver, succeeded("a"));
    await pass(1_000);
    expect(await inner.get("a")).toMatchObject({ state: "done", fence: 2 });
    expect(of("done")).toEqual([]);
    expect(effects).toEqual([]);
    expect(warnings()).toEqual(["lease_lost"]);
  });

  it("does not happen while the transaction is open, nor after its commit", async () => {
    const { receiver, store, effects, of, warnings, contexts } = shop(async (tx, ctx) => {
      await ctx.settleIn(tx);
      await new Promise((resolve) => setTimeout(resolve, 10 * LEASE_MS));
      await tx.commit();
      await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
    });
    const settle = vi.spyOn(store, "settle");
    await deliver(receiver, succeeded("a"));
    await pass(12 * LEASE_MS);
    expect(contexts[0]?.signal.aborted).toBe(false);
    expect(warnings()).toEqual([]);
    expect(of("done")).toMatchObject([{ attempt: 1 }]);
    expect(effects).toEqual(["a"]);
    expect(settle).not.toHaveBeenCalled();
  });
});

it("a second call after a commit whose reply was lost is refused, and the job is done", async () => {
  const { receiver, effects, of, warnings, begin } = shop(async (tx, ctx, job) => {
    await commit(tx, ctx, job);
    const again = begin();
    await carefully(commit)(again, ctx, job);
  });
  await deliver(receiver, succeeded("a"));
  await pass(10_000);
  expect(of("done")).toHaveLength(1);
  expect(warnings()).toEqual([]);
  expect(effects).toEqual(["a"]);
});

describe("a callback that exceeds its timeout with its transaction open", () => {
  const hanging =
    (end: "commit" | "rollBack"): Step =>
    async (tx, ctx) => {
      await ctx.settleIn(tx);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await tx[end]();
    };
  const options = { limits: { leaseMs: 60_000, handlerTimeoutMs: 1_000 } };

  it.each([
    ["commit", 1, 0],
    ["rollBack", 2, 1],
  ] as const)("%s: attempts %i, retries %i, one effect", async (end, attempts, retries) => {
    const { receiver, effects, of, contexts } = shop([hanging(end)], options);
    await deliver(receiver, succeeded("a"));
    await pass(1_100);
    expect(contexts[0]?.signal.aborted).toBe(true);
    await pass(10_000);
    expect(effects).toEqual(["a"]);
    expect(of("done")).toMatchObject([{ attempt: attempts }]);
    expect(of("retry")).toHaveLength(retries);
  });

  it("is refused when it calls settleIn after the timeout", async () => {
    const late: Step = async (tx, ctx, job) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await carefully(commit)(tx, ctx, job);
    };
    const { receiver, effects, of } = shop([late], options);
    await deliver(receiver, succeeded("a"));
    await pass(10_000);
    expect(of("retry")).toMatchObject([{ error: { code: "handler_timeout" } }]);
    expect(of("done")).toMatchObject([{ attempt: 2 }]);
    expect(effects).toEqual(["a"]);
  });

  it("learns its timeout from settleIn, where the store refuses the lease afterwards", async () => {
    const refused = defer<boolean>();
    const errors: unknown[] = [];
    const { receiver, store } = shop(
      [
        (tx, ctx) =>
          ctx.settleIn(tx).catch((thrown: unknown) => {
            errors.push(thrown);
            throw thrown;
          }),
      ],
      options,
    );
    vi.spyOn(store, "settleIn").mockReturnValueOnce(refused.promise);
    await deliver(receiver, succeeded("a"));
    await pass(1_001);
    refused.resolve(false);
    await pass(1);
    expect(errors).toMatchObject([
      { message: expect.stringContaining("cut off (handler_timeout)") },
    ]);
  });

  it("is settled by its commit when a drain aborted it", async () => {
    const { receiver, effects, of } = shop(hanging("commit"));
    await deliver(receiver, succeeded("a"));
    await pass(1);
    const drained = receiver.drain({ timeoutMs: 1_600 });
    await pass(1_600);
    expect(await drained).toMatchObject({ settled: 1 });
    expect(of("done")).toHaveLength(1);
    expect(effects).toEqual(["a"]);
  });
});

it("a commit is found once the store answers again, when the store was down as the callback ended", async () => {
  const { receiver, store, effects, of, onSucceeded } = shop(commit);
  const down = new Error("down");
  const get = vi.spyOn(store, "get").mockRejectedValue(down);
  const settle = vi.spyOn(store, "settle").mockRejectedValue(down);
  await deliver(receiver, succeeded("a"));
  await pass(5_000);
  expect(of("done")).toEqual([]);
  get.mockRestore();
  settle.mockRestore();
  await pass(5_000);
  expect(of("done")).toMatchObject([{ jobId: "a", attempt: 1 }]);
  expect(of("retry")).toEqual([]);
  expect(effects).toEqual(["a"]);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it('with `ack: "handled"` a commit is answered 200, and a rollback 503', async () => {
  const { receiver } = shop(
    [
      async (tx, ctx) => {
        await ctx.settleIn(tx);
        tx.rollBack();
      },
    ],
    { ack: "handled" },
  );
  const [refused] = await Promise.all([deliver(receiver, succeeded("a")), pass(1)]);
  expect(refused.status).toBe(503);
  const [taken] = await Promise.all([deliver(receiver, succeeded("a")), pass(1)]);
  expect([taken.status, bodyOf(taken)]).toEqual([200, { received: true }]);
});

it("the confirmed result is written with the completion", async () => {
  const truth = succeeded("a", "https://cdn.test/true.png");
  const confirm = async () => ({ kind: "confirmed", result: truth }) as const;
  const { receiver, inner, of } = shop(commit, { auth: { confirm } });
  await deliver(receiver, succeeded("a", "https://evil.test/forged.png"));
  await pass(1);
  expect(of("done")).toHaveLength(1);
  expect(await inner.get("a")).toMatchObject({ state: "done", payload: JSON.stringify(truth) });
  expect(bodyOf(await deliver(receiver, truth))).toEqual({ received: true, duplicate: true });
});
