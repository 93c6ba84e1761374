import type { Ingested } from "@abstrakt-webhooks/core";
import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { expect, it } from "vitest";
import { createBatcher, type Waiting } from "../src/batch.ts";
import { result } from "./on-postgres.ts";

type Answers = (Ingested | undefined)[];

/** A batcher whose statements answer when the test says so. */
function rig() {
  const sent: { ids: string[]; answer(answers: Answers): void; fail(error: unknown): void }[] = [];
  const add = createBatcher(
    (batch: readonly Waiting[]) =>
      new Promise<Answers>((answer, fail) => {
        sent.push({ ids: batch.map(({ delivery }) => delivery.jobId), answer, fail });
      }),
  );
  const ingest = (jobId: string, fingerprint?: string, binding?: string) =>
    new Promise<Ingested>((resolve, reject) => {
      const delivery = { ...result(jobId, fingerprint), ...(binding && { binding }) };
      add({ delivery, owner: "test", leaseMs: 1, misses: 0, resolve, reject });
    });
  return { sent, ingest };
}

const stored: Ingested = { kind: "stored" };
/** Long enough for every microtask. */
const turn = () => new Promise((resolve) => void setTimeout(resolve, 0));
const refused = (code: string) =>
  new AbstraktWebhookError("store_unavailable", "refused", { cause: { code } });

it("sends what comes in one turn as one batch, at the end of it", async () => {
  const { sent, ingest } = rig();
  const answers = [ingest("a"), ingest("b")];
  expect(sent).toHaveLength(0);
  await turn();
  expect(sent.map(({ ids }) => ids)).toEqual([["a", "b"]]);
  sent[0]?.answer([stored, { kind: "parked" }]);
  expect(await Promise.all(answers)).toEqual([stored, { kind: "parked" }]);
});

it("lets two statements fly and gathers what comes meanwhile", async () => {
  const { sent, ingest } = rig();
  for (const id of ["a", "b", "c", "d"]) {
    void ingest(id);
    await turn();
  }
  expect(sent.map(({ ids }) => ids)).toEqual([["a"], ["b"]]);
  sent[1]?.answer([stored]);
  await turn();
  expect(sent.map(({ ids }) => ids)).toEqual([["a"], ["b"], ["c", "d"]]);
});

it("bounds a batch by rows and by the length of payloads", async () => {
  const { sent, ingest } = rig();
  for (let index = 0; index < 150; index += 1) void ingest(`job-${index}`);
  await turn();
  expect(sent.map(({ ids }) => ids.length)).toEqual([100, 50]);
});

it("sends an equal delivery once and answers the others as its duplicates", async () => {
  const { sent, ingest } = rig();
  const answers = [ingest("a"), ingest("a"), ingest("b"), ingest("a")];
  await turn();
  expect(sent.map(({ ids }) => ids)).toEqual([["a", "b"]]);
  sent[0]?.answer([stored, { kind: "duplicate", state: "done" }]);
  expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual([
    "stored",
    "duplicate",
    "duplicate",
    "duplicate",
  ]);
  expect(await answers[1]).toEqual({ kind: "duplicate", state: "pending" });
});

it("keeps what differs for a batch of its own: result, binding, or no fingerprint", async () => {
  const { sent, ingest } = rig();
  void ingest("a");
  void ingest("a", "1-b");
  void ingest("a", undefined, "x");
  await turn();
  expect(sent.map(({ ids }) => ids)).toEqual([["a"], ["a"]]);
  sent[0]?.answer([stored]);
  await turn();
  expect(sent).toHaveLength(3);
});

it("counts every conflict: those equal to one that lost go out again", async () => {
  const { sent, ingest } = rig();
  const conflict: Ingested = { kind: "conflict", state: "done", reason: "result" };
  const answers = [ingest("a"), ingest("a")];
  await turn();
  sent[0]?.answer([conflict]);
  await turn();
  expect(sent.map(({ ids }) => ids)).toEqual([["a"], ["a"]]);
  sent[1]?.answer([conflict]);
  expect(await Promise.all(answers)).toEqual([conflict, conflict]);
});

it("asks again where a row was written at that moment, but not for ever", async () => {
  const { sent, ingest } = rig();
  const answer = ingest("a");
  await turn();
  sent[0]?.answer([undefined]);
  await turn();
  sent[1]?.answer([{ kind: "duplicate", state: "leased" }]);
  expect(await answer).toEqual({ kind: "duplicate", state: "leased" });

  const never = ingest("b");
  never.catch(() => undefined);
  for (let index = 2; index < 22; index += 1) {
    await turn();
    sent[index]?.answer([undefined]);
  }
  await expect(never).rejects.toMatchObject({ code: "store_unavailable" });
});

it("sends rows one by one when one of them makes the server refuse the batch", async () => {
  const { sent, ingest } = rig();
  const [good, bad] = [ingest("good"), ingest("bad")];
  bad.catch(() => undefined);
  await turn();
  sent[0]?.fail(refused("22P05"));
  await turn();
  expect(sent.slice(1).map(({ ids }) => ids)).toEqual([["good"], ["bad"]]);
  sent[1]?.answer([stored]);
  sent[2]?.fail(refused("22P05"));
  expect(await good).toEqual(stored);
  await expect(bad).rejects.toMatchObject({ code: "store_unavailable" });
});

it("fails all where it is unknown what was written, and goes on with the next", async () => {
  const { sent, ingest } = rig();
  const lost = [ingest("a"), ingest("b")];
  await turn();
  sent[0]?.fail(refused("ECONNRESET"));
  for (const answer of lost) await expect(answer).rejects.toMatchObject({ message: "refused" });
  expect(sent).toHaveLength(1);
  const next = ingest("c");
  await turn();
  sent[1]?.answer([stored]);
  expect(await next).toEqual(stored);
});
