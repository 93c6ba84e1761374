import { describe, expect, it, vi } from "vitest";
import { type DeadRecord, type JobStore, memoryStore } from "../../src/index.ts";
import { mintingAuth } from "./fake-api.ts";
import { boot, failed, pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

it("ingest stores a payload without HTTP, and returns the outcome", async () => {
  const onSucceeded = vi.fn();
  const { receiver, of } = boot({ onSucceeded });
  expect(await receiver.ingest(succeeded("a"))).toEqual({ kind: "stored", jobId: "a" });
  expect(await receiver.ingest(succeeded("a"))).toEqual({ kind: "duplicate", jobId: "a" });
  expect(await receiver.ingest(failed("a"))).toEqual({ kind: "conflict", jobId: "a" });
  expect(await receiver.ingest({ job_id: "b", status: "queued" })).toEqual({
    kind: "ignored",
    jobId: "b",
  });
  expect(await receiver.ingest({ job_id: "c", status: "odd" })).toEqual({
    kind: "parked",
    jobId: "c",
  });
  await pass(1);
  expect(onSucceeded.mock.calls).toEqual([
    [succeeded("a"), expect.objectContaining({ source: "manual" })],
  ]);
  const [stored] = of("stored");
  expect(stored).toMatchObject({ jobId: "a", source: "manual" });
  expect([stored?.status, stored?.ackMs]).toEqual([undefined, undefined]);
});

it("ingest accepts a payload of any size, because your own code passes it", async () => {
  const { receiver } = boot({ limits: { maxBodyBytes: 1 } });
  expect(await receiver.ingest(succeeded("a"))).toMatchObject({ kind: "stored" });
});

describe("ingest rejects", () => {
  const circular: Record<string, unknown> = { job_id: "a", status: "failed" };
  circular["self"] = circular;
  it.each([
    undefined,
    null,
    "text",
    [],
    {},
    { job_id: "" },
    circular,
    { ...succeeded("a"), credits_used: 1n },
  ])("a value that is no payload: %#", async (payload) => {
    await expect(boot().receiver.ingest(payload)).rejects.toMatchObject({ code: "malformed" });
  });

  it("a payload when the store fails or is full", async () => {
    const store: JobStore = { ...memoryStore(), ingest: () => Promise.reject(new Error("down")) };
    await expect(boot({ store }).receiver.ingest(succeeded("a"))).rejects.toMatchObject({
      code: "store_unavailable",
    });
    const { receiver } = boot({
      store: memoryStore({ maxLive: 1 }),
      onSucceeded: () => new Promise(() => {}),
    });
    await receiver.ingest(succeeded("a"));
    await expect(receiver.ingest(succeeded("b"))).rejects.toMatchObject({
      code: "store_unavailable",
    });
  });
});

describe("a receiver on a store without dead letters", () => {
  const { list: _list, redrive: _redrive, stats: _stats, ...bare } = memoryStore();
  it.each(["list", "stats", "redrive"] as const)(
    "cannot %s, and its error says so",
    async (name) => {
      const { receiver } = boot({ store: bare });
      const called = name === "redrive" ? receiver.redrive("a") : receiver[name]();
      await expect(called).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringMatching(new RegExp(`^\`${name}\` `)),
      });
    },
  );

  it("receives results and drains", async () => {
    const { receiver, of } = boot({ store: bare });
    await receiver.ingest(succeeded("a"));
    const report = receiver.drain();
    await pass(1);
    expect(await report).toEqual({ settled: 1, released: 0, lost: 0 });
    expect(of("done")).toHaveLength(1);
  });
});

it.each([
  ["limit", 0],
  ["limit", -1],
  ["limit", 1.5],
  ["limit", 1_001],
  ["limit", Number.NaN],
  ["limit", Infinity],
  ["limit", "10"],
  ["state", "finished"],
  ["prefix", 7],
  ["prefix", { length: 1 }],
  ["prefix", "\ud800"],
  ["prefix", "a\u0000"],
  ["prefix", "x".repeat(257)],
  ["after", 7],
  ["after", "job_1"],
  ["payloads", "no"],
])("list refuses the %s %j", async (name, value) => {
  const { receiver } = boot();
  await expect(receiver.list({ [name]: value })).rejects.toMatchObject({
    code: "invalid_options",
    message: expect.stringContaining(`\`${name}\``),
  });
});

it.each([
  ["limit", 1_001, "to be at most 1000, got 1001."],
  ["state", "finished", "to be one of expected, pending, leased, done, dead, got string."],
  ["prefix", "\ud800", "to be well-formed text of at most 256 characters, without control"],
  ["after", 7, "to be a string, got 7."],
  ["payloads", "no", "to be true or false, got string."],
])("a refused %s %j says what list expects", async (name, value, message) => {
  await expect(boot().receiver.list({ [name]: value })).rejects.toThrow(message);
});

it("list returns the ref of each record, and onDead gets the ref and the parsed result", async () => {
  const dead: DeadRecord[] = [];
  const { receiver } = boot({
    auth: mintingAuth(),
    onSucceeded: () => Promise.reject(new Error("no")),
    onDead: (record) => void dead.push(record),
    retry: { maxAttempts: 1 },
  });
  const url = await receiver.webhookUrl({ ref: "order-7" });
  void (await receiver.handle(post(succeeded("a"), { url }))).work?.();
  void (await receiver.handle(post({ job_id: "b", status: "odd" }, { url }))).work?.();
  await pass(1);
  const { records } = await receiver.list();
  expect(records).toMatchObject([
    { jobId: "a", ref: "order-7" },
    { jobId: "b", ref: "order-7" },
  ]);
  expect(dead.map(({ jobId, ref, result }) => ({ jobId, ref, result }))).toEqual(
    expect.arrayContaining([
      { jobId: "a", ref: "order-7", result: succeeded("a") },
      { jobId: "b", ref: "order-7", result: undefined },
    ]),
  );
  expect(dead).toHaveLength(2);
});

it("list returns pages, of a hundred records by default", async () => {
  const { receiver } = boot();
  for (let i = 0; i < 101; i += 1) await receiver.ingest({ job_id: `job_${i}`, status: "odd" });
  const page = await receiver.list();
  expect(page.records).toHaveLength(100);
  const rest = await receiver.list({ after: page.next ?? "" });
  expect(rest.records).toHaveLength(1);
  expect(rest).not.toHaveProperty("next");
  expect((await receiver.list({ state: "done", limit: 1 })).records).toEqual([]);
  expect((await receiver.list({ limit: 1_000, prefix: "job_10" })).records).toHaveLength(2);
  expect((await receiver.list({ prefix: "x".repeat(256) })).records).toEqual([]);
  const [whole] = (await receiver.list({ limit: 1, payloads: true })).records;
  expect(whole).toHaveProperty("payload");
  const [short] = (await receiver.list({ limit: 1, payloads: false })).records;
  expect(short).not.toHaveProperty("payload");
  expect(await receiver.stats()).toMatchObject({ dead: 101, done: 0 });
});
