import { expect, it } from "vitest";
import { type Auth, type JobResult, memoryStore, refetch } from "../../src/index.ts";
import { boot, deliver, failed, pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

type Loose = { -readonly [K in keyof JobResult]: unknown } & Record<string, unknown>;
/** A careless callback: it changes its argument. */
function spoil(job: JobResult): void {
  const loose = job as unknown as Loose;
  const output = loose["output"] as { items?: { url?: string }[] } | undefined;
  if (output?.items?.[0]) output.items[0].url = "https://evil.test/x.png";
  loose["extra"] = "changed";
  const unknown = loose["unknown"] as { key?: string } | undefined;
  if (unknown) unknown.key = "changed";
}
const originalUrl = "https://cdn.test/a.png";
const textOf = (value: unknown): string => JSON.stringify(value);

it("a callback that changes its job changes nothing that is stored, compared or run again", async () => {
  const store = memoryStore();
  const seen: string[] = [];
  const { receiver, of } = boot({
    store,
    retry: { maxAttempts: 3 },
    onSucceeded(job) {
      seen.push(textOf(job));
      spoil(job);
      if (seen.length < 3) throw new Error("again");
    },
  });
  await deliver(receiver, succeeded("a"));
  await pass(60_000);
  expect(new Set(seen)).toEqual(new Set([textOf(succeeded("a"))]));
  expect(seen).toHaveLength(3);
  expect((await store.get("a"))?.payload).toBe(textOf(succeeded("a")));
  await deliver(receiver, succeeded("a"));
  expect(of("duplicate")).toHaveLength(1);
});

it("a callback that changes a confirmed job changes nothing that is stored or compared", async () => {
  const store = memoryStore();
  const answer = { ...succeeded("a"), unknown: { key: "as it came" } };
  const asItCame = textOf(answer);
  const client = { getJob: async () => answer, run: async () => ({ job_id: "a", status: "x" }) };
  const { receiver, of } = boot({ store, client, auth: refetch(), onSucceeded: spoil });
  await deliver(receiver, succeeded("a", "https://cdn.test/forged.png"));
  const waiting = receiver.result("a");
  await pass(1);
  expect(textOf(answer)).toBe(asItCame);
  expect((await store.get("a"))?.payload).toBe(asItCame);
  expect(textOf(await waiting)).toBe(asItCame);
  await deliver(receiver, succeeded("a"));
  expect(of("duplicate")).toHaveLength(1);
});

it("each caller of result() gets its own copy, separate from the callback's", async () => {
  for (const auth of ["none", { confirm: async (result) => ({ kind: "confirmed", result }) }] as (
    | "none"
    | Auth
  )[]) {
    const { receiver } = boot({ auth, onSucceeded: spoil });
    const waiting = [receiver.result("a"), receiver.result("a")];
    await pass(1);
    await deliver(receiver, succeeded("a"));
    await pass(1);
    const [one, two] = await Promise.all(waiting);
    expect([one, two].map(textOf)).toEqual([textOf(succeeded("a")), textOf(succeeded("a"))]);
    expect(one).not.toBe(two);
    if (one) spoil(one);
    expect(textOf(two)).toBe(textOf(succeeded("a")));
  }
});

it("a receiver shares no object with the caller of ingest", async () => {
  const payload = succeeded("a");
  let handed: JobResult | undefined;
  const { receiver } = boot({ onSucceeded: (job) => void (handed = job) });
  await receiver.ingest(payload);
  spoil(payload);
  await pass(1);
  expect(textOf(handed)).toBe(textOf(succeeded("a")));
});

it("row and payload name the same job, also when toJSON names another", async () => {
  const store = memoryStore();
  const handed: JobResult[] = [];
  const { receiver } = boot({ store, onFailed: (job) => void handed.push(job) });
  const twoFaced = { ...failed("outside"), toJSON: () => failed("inside") };
  await receiver.handle(post(0, { body: async () => ({ parsed: twoFaced }) }));
  await receiver.ingest(twoFaced);
  await pass(1);
  const { records } = await store.list({ limit: 10 });
  expect(records.map(({ jobId, payload }) => [jobId, JSON.parse(payload ?? "").job_id])).toEqual([
    ["inside", "inside"],
  ]);
  for (const job of handed) expect(job.job_id).toBe("inside");
  for (const unusable of [{ toJSON: () => undefined }, { toJSON: () => "x" }, 1n, undefined]) {
    await expect(receiver.ingest(unusable)).rejects.toMatchObject({ code: "malformed" });
  }
});

it("a removed url is warned of once", async () => {
  const { receiver, of } = boot();
  for (const id of ["a", "b"]) await deliver(receiver, succeeded(id, "https://"));
  await deliver(receiver, succeeded("c", originalUrl));
  await pass(1);
  expect(of("warning").filter(({ error }) => error.code === "url_removed")).toMatchObject([
    { jobId: "a", error: { message: expect.stringContaining("not http(s)") } },
  ]);
});
