import { describe, expect, it, vi } from "vitest";
import { memoryStore, type JobStore } from "../../src/index.ts";
import { fakeApi } from "./fake-api.ts";
import { bodyOf, boot, deliver, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

const lease = { jobId: "a", fence: 1, attempt: 1, payload: "{}", source: "webhook" };

describe("an invalid answer of the store", () => {
  it.each([
    undefined,
    null,
    7,
    "stored",
    [],
    {},
    { kind: "written" },
    { kind: "leased" },
    { kind: "leased", lease: { ...lease, jobId: "b" } },
    { kind: "leased", lease: { ...lease, fence: Number.NaN } },
    { kind: "duplicate" },
    { kind: "conflict", state: "gone", reason: "result" },
  ])("to ingest is answered 503 with a warning, and frees the slot: %j", async (reply) => {
    const inner = memoryStore();
    let replies: unknown = reply;
    const ingest = async () => replies as never;
    const store: JobStore = { ...inner, ingest };
    const { receiver, warnings, of } = boot({ store, limits: { concurrency: 1 } });
    for (let times = 0; times < 3; times += 1) {
      const ack = await deliver(receiver, succeeded("a"));
      expect(ack.status).toBe(503);
      expect(bodyOf(ack)).toMatchObject({ error: { code: "store_unavailable" } });
    }
    expect(warnings()).toEqual(["store_reply"]);
    expect(of("warning")[0]?.error.message).toMatch(/Expected the store to answer `ingest` with/);
    replies = {
      kind: "leased",
      lease: { ...lease, receivedAtMs: 1, payload: JSON.stringify(succeeded("a")) },
    };
    expect((await deliver(receiver, succeeded("a"))).status).toBe(200);
    await pass(1);
    expect(of("attempt")).toHaveLength(1);
  });

  it.each([
    ["lease.fence", "a whole number", { fence: "1" }, 'the text "1"'],
    ["lease.fence", "a whole number", { fence: 1n }, "bigint"],
    ["lease.fence", "a whole number", { fence: "sk_1" }, "string"],
    ["lease.attempt", "a whole number", { attempt: 1.5 }, "1.5"],
    ["lease.payload", "a text", { payload: { job_id: "a" } }, "object"],
    ["lease.jobId", "a text", { jobId: 7 }, "7"],
  ])("to ingest is named by its field: %s must be %s, not %o", async (field, what, wrong, got) => {
    const ingest = async () => ({ kind: "leased", lease: { ...lease, ...wrong } }) as never;
    const { receiver, of } = boot({ store: { ...memoryStore(), ingest } });
    await deliver(receiver, succeeded("a"));
    expect(of("warning")[0]?.error.message).toContain(
      `Expected the store to answer \`ingest\` with ${what} as \`${field}\`, got ${got}. Run`,
    );
  });

  it("to ingest that leases another job is named so", async () => {
    const ingest = async () => ({ kind: "leased", lease: { ...lease, jobId: "b" } }) as never;
    const { receiver, of } = boot({ store: { ...memoryStore(), ingest } });
    await deliver(receiver, succeeded("a"));
    expect(of("warning")[0]?.error.message).toContain("a lease of that job, got one of another");
  });

  it("to claim is named by its lease and its field", async () => {
    const claim = async () => [lease, { ...lease, fence: "2" }] as never;
    const { receiver } = boot({ store: { ...memoryStore(), claim } });
    await expect(receiver.tick()).rejects.toMatchObject({
      message: expect.stringContaining('a whole number as `[1].fence`, got the text "2"'),
    });
  });

  it.each([undefined, {}, [{}], [{ jobId: "a" }]])(
    "to claim counts as an outage: %j",
    async (reply) => {
      const store: JobStore = { ...memoryStore(), claim: async () => reply as never };
      const { receiver } = boot({ store });
      await expect(receiver.tick()).rejects.toMatchObject({
        code: "store_unavailable",
        message: expect.stringContaining("`claim`"),
      });
    },
  );

  it.each([undefined, null, {}, [{}], [{ jobId: "a" }]])(
    "to claimPolls counts as an outage, and its room is free again: %j",
    async (reply) => {
      const inner = memoryStore();
      let isFaulty = true;
      const store: typeof inner = {
        ...inner,
        claimPolls: async (o) => (isFaulty ? (reply as never) : inner.claimPolls(o)),
      };
      const { client, asked } = fakeApi({ a: succeeded("a") });
      const { receiver } = boot({ store, client, poll: { afterMs: 1 } });
      await receiver.expect("a");
      await pass(1);
      await expect(receiver.tick()).rejects.toMatchObject({
        code: "store_unavailable",
        message: expect.stringContaining("`claimPolls`"),
      });
      isFaulty = false;
      await receiver.tick();
      expect(asked()).toEqual(["a"]);
    },
  );

  it.each([null, Number.NaN, "soon"])(
    "to nextDueInMs counts as an outage, and is asked for ever more rarely: %j",
    async (reply) => {
      const nextDueInMs = vi.fn(async () => reply as never);
      const { receiver, warnings } = boot({ store: { ...memoryStore(), nextDueInMs } });
      receiver.start();
      await pass(10_000);
      expect(warnings()).toContain("store_unavailable");
      expect(nextDueInMs.mock.calls.length).toBeLessThan(10);
    },
  );
});

it("the receiver settles with an ASCII error text when the store refuses the error's own text", async () => {
  const inner = memoryStore();
  let refused = 0;
  const settle: JobStore["settle"] = async (held, settlement) => {
    if (/[^\x20-\x7e]/.test(JSON.stringify(settlement))) {
      refused += 1;
      throw new Error("no such character");
    }
    return inner.settle(held, settlement);
  };
  const { receiver, of } = boot({
    store: { ...inner, settle },
    retry: { maxAttempts: 1 },
    onSucceeded: () => Promise.reject(new Error("caf\u00e9 \u{1F4A5}")),
  });
  await deliver(receiver, succeeded("a"));
  await pass(10_000);
  expect(of("dead")).toHaveLength(1);
  expect(refused).toBe(3);
  expect(await inner.get("a")).toMatchObject({ state: "dead", error: "Error: caf? ?" });
});
