import { describe, expect, it, vi } from "vitest";
import { type JobStore, memoryStore } from "../../src/index.ts";
import { boot, failed, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

it("takes a payload without HTTP, and says what became of it", async () => {
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

it("takes it whatever its size, since nobody unknown sent it", async () => {
  const { receiver } = boot({ limits: { maxBodyBytes: 1 } });
  expect(await receiver.ingest(succeeded("a"))).toMatchObject({ kind: "stored" });
});

describe("rejects", () => {
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
  ])("what is no payload: %#", async (payload) => {
    await expect(boot().receiver.ingest(payload)).rejects.toMatchObject({ code: "malformed" });
  });

  it("when the store fails or is full", async () => {
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

describe("a store without dead letters", () => {
  const { list: _list, redrive: _redrive, stats: _stats, ...bare } = memoryStore();
  it("cannot list or redrive, and says so", async () => {
    const { receiver } = boot({ store: bare });
    await expect(receiver.list()).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("list"),
    });
    await expect(receiver.redrive("a")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("redrive"),
    });
  });

  it("receives and drains all the same", async () => {
    const { receiver, of } = boot({ store: bare });
    await receiver.ingest(succeeded("a"));
    const report = receiver.drain();
    await pass(1);
    expect(await report).toEqual({ settled: 1, released: 0, lost: 0 });
    expect(of("done")).toHaveLength(1);
  });
});

it("lists by page, a hundred unless told otherwise", async () => {
  const { receiver } = boot();
  for (let i = 0; i < 101; i += 1) await receiver.ingest({ job_id: `job_${i}`, status: "odd" });
  const page = await receiver.list();
  expect(page.records).toHaveLength(100);
  const rest = await receiver.list({ after: page.next ?? "" });
  expect(rest.records).toHaveLength(1);
  expect(rest).not.toHaveProperty("next");
  expect((await receiver.list({ state: "done", limit: 1 })).records).toEqual([]);
});
