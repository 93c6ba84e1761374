import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { expect, it, vi } from "vitest";
import { createBatcher } from "../src/batch.ts";

interface Item {
  readonly key: string;
  readonly length: number;
}

/** A batcher whose statements answer when the test says so. */
function rig() {
  const sent: { keys: string[]; answer(answers: string[]): void; fail(error: unknown): void }[] =
    [];
  const add = createBatcher<Item, string>({
    send: (batch) =>
      new Promise((answer, fail) => {
        sent.push({ keys: batch.map(({ key }) => key), answer, fail });
      }),
    keyOf: ({ key }) => key,
    lengthOf: ({ length }) => length,
  });
  return {
    sent,
    keys: () => sent.map(({ keys }) => keys),
    add: (key: string, length = 1) => add({ key, length }),
  };
}

/** Long enough for every microtask. */
const turn = () => new Promise((resolve) => void setTimeout(resolve, 0));
const refused = (code: string) =>
  new AbstraktWebhookError("store_unavailable", "refused", { cause: { code } });

it("sends what comes in one turn as one batch, at the end of it", async () => {
  const { sent, keys, add } = rig();
  const answers = [add("a"), add("b")];
  expect(sent).toHaveLength(0);
  await turn();
  expect(keys()).toEqual([["a", "b"]]);
  sent[0]?.answer(["A", "B"]);
  expect(await Promise.all(answers)).toEqual(["A", "B"]);
});

it("lets two statements fly and gathers what comes meanwhile", async () => {
  const { sent, keys, add } = rig();
  for (const key of ["a", "b", "c", "d"]) {
    void add(key);
    await turn();
  }
  expect(keys()).toEqual([["a"], ["b"]]);
  sent[1]?.answer(["B"]);
  await turn();
  expect(keys()).toEqual([["a"], ["b"], ["c", "d"]]);
});

it("bounds a batch by rows", async () => {
  const { sent, add } = rig();
  for (let index = 0; index < 150; index += 1) void add(`${index}`);
  await turn();
  expect(sent.map((batch) => batch.keys.length)).toEqual([100, 50]);
});

it("bounds a batch by length, and never splits what is longer", async () => {
  const { keys, add } = rig();
  for (const [key, length] of [
    ["a", 600_000],
    ["b", 600_000],
    ["c", 2_000_000],
  ] as const) {
    void add(key, length);
  }
  await turn();
  expect(keys()).toEqual([["a", "b"], ["c"]]);
});

it("holds a key back that the batch has, and nothing behind it", async () => {
  const { sent, keys, add } = rig();
  const answers = [add("a"), add("a"), add("b"), add("a")];
  await turn();
  expect(keys()).toEqual([["a", "b"], ["a"]]);
  sent[0]?.answer(["first", "B"]);
  await turn();
  expect(keys()).toEqual([["a", "b"], ["a"], ["a"]]);
  sent[1]?.answer(["second"]);
  sent[2]?.answer(["third"]);
  expect(await Promise.all(answers)).toEqual(["first", "second", "B", "third"]);
});

it("sends each alone when one makes the server refuse the batch", async () => {
  const { sent, keys, add } = rig();
  const outcomes = Promise.allSettled([add("good"), add("bad")]);
  await turn();
  sent[0]?.fail(refused("22P05"));
  await turn();
  expect(keys().slice(1)).toEqual([["good"], ["bad"]]);
  sent[1]?.answer(["GOOD"]);
  sent[2]?.fail(refused("22P05"));
  expect(await outcomes).toMatchObject([
    { value: "GOOD" },
    { reason: { code: "store_unavailable" } },
  ]);
});

it("fails all where it is unknown what was written, and goes on with the next", async () => {
  const { sent, add } = rig();
  const outcomes = Promise.allSettled([add("a"), add("b")]);
  await turn();
  sent[0]?.fail(refused("ECONNRESET"));
  expect(await outcomes).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
  expect(sent).toHaveLength(1);
  const next = add("c");
  await turn();
  sent[1]?.answer(["C"]);
  expect(await next).toBe("C");
});

it("does not wait for ever for a statement that hangs, but takes a late answer", async () => {
  vi.useFakeTimers();
  const { sent, keys, add } = rig();
  const answers = [];
  for (const key of ["a", "b", "c"]) {
    answers.push(add(key));
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(keys()).toEqual([["a"], ["b"]]);
  await vi.advanceTimersByTimeAsync(5_000);
  vi.useRealTimers();
  expect(keys()).toEqual([["a"], ["b"], ["c"]]);
  for (const [index, { answer }] of sent.entries()) answer([`${index}`]);
  expect(await Promise.all(answers)).toEqual(["0", "1", "2"]);
  for (const key of ["d", "e", "f"]) {
    void add(key);
    await turn();
  }
  expect(keys().slice(3)).toEqual([["d"], ["e"]]);
});
