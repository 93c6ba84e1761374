import { createBatcher, type BatcherOptions } from "@abstrakt-webhooks/core/store";
import { afterEach, describe, expect, it, vi } from "vitest";

afterEach(() => void vi.useRealTimers());

interface Item {
  readonly key: string;
  readonly length: number;
}

/** The options of the PostgreSQL store. */
const PATIENT: Partial<BatcherOptions<Item, string>> = {
  keyOf: ({ key }) => key,
  patienceMs: 20,
  whenRefused: (error) => (error === "refused" ? "split" : "fail"),
};

/** A batcher whose batches are answered when the test says so. */
function recordingBatcher(options = PATIENT) {
  const sent: {
    keys: string[];
    answer(answers: (string | Promise<string>)[]): void;
    fail(error: unknown): void;
  }[] = [];
  const add = createBatcher<Item, string>({
    send: (batch) =>
      new Promise((answer, fail) => {
        sent.push({ keys: batch.map(({ key }) => key), answer, fail });
      }),
    lengthOf: ({ length }) => length,
    ...options,
  });
  return {
    sent,
    keys: () => sent.map(({ keys }) => keys),
    add: (key: string, length = 1) => add({ key, length }),
  };
}

/** Resolves after one turn of the event loop. */
const turn = async (): Promise<void> => {
  await new Promise((resolve) => void setImmediate(resolve));
  await new Promise((resolve) => void setImmediate(resolve));
};

it("the items of one turn are sent as one batch, at the end of the turn", async () => {
  const { sent, keys, add } = recordingBatcher();
  const answers = [add("a"), add("b")];
  expect(sent).toHaveLength(0);
  await turn();
  expect(keys()).toEqual([["a", "b"]]);
  sent[0]?.answer(["A", "B"]);
  expect(await Promise.all(answers)).toEqual(["A", "B"]);
});

it("items that are read from several sockets in one turn are one batch", async () => {
  const { keys, add } = recordingBatcher();
  for (const key of ["a", "b", "c"]) setImmediate(() => void add(key));
  await turn();
  await turn();
  expect(keys()).toEqual([["a", "b", "c"]]);
});

it("a batch is sent at the end of a microtask where there is no setImmediate", async () => {
  vi.stubGlobal("setImmediate", undefined);
  const { keys, add } = recordingBatcher();
  void add("a");
  void add("b");
  await Promise.resolve();
  vi.unstubAllGlobals();
  expect(keys()).toEqual([["a", "b"]]);
});

it("items that come while a batch is in flight are one batch", async () => {
  const { sent, keys, add } = recordingBatcher();
  for (const key of ["a", "b", "c"]) {
    void add(key);
    await turn();
  }
  expect(keys()).toEqual([["a"]]);
  sent[0]?.answer(["A"]);
  await turn();
  expect(keys()).toEqual([["a"], ["b", "c"]]);
});

it("a second batch is sent when the first may be blocked, and no third", async () => {
  vi.useFakeTimers();
  const { sent, keys, add } = recordingBatcher();
  void add("a");
  await vi.advanceTimersByTimeAsync(10);
  void add("b");
  await vi.advanceTimersByTimeAsync(9);
  expect(keys()).toEqual([["a"]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(keys()).toEqual([["a"], ["b"]]);
  void add("c");
  await vi.advanceTimersByTimeAsync(100);
  expect(keys()).toEqual([["a"], ["b"]]);
  sent[1]?.answer(["B"]);
  await vi.advanceTimersByTimeAsync(0);
  expect(keys()).toEqual([["a"], ["b"], ["c"]]);
});

it("a batch has a maximum number of items", async () => {
  const { sent, add } = recordingBatcher();
  for (let index = 0; index < 150; index += 1) void add(`${index}`);
  await turn();
  sent[0]?.answer([]);
  await turn();
  expect(sent.map((batch) => batch.keys.length)).toEqual([100, 50]);
});

it("a batch has a maximum length, and a longer item is sent whole", async () => {
  const { sent, keys, add } = recordingBatcher();
  for (const [key, length] of [
    ["a", 600_000],
    ["b", 600_000],
    ["c", 2_000_000],
  ] as const) {
    void add(key, length);
  }
  await turn();
  sent[0]?.answer([]);
  await turn();
  expect(keys()).toEqual([["a", "b"], ["c"]]);
});

it("an item waits while a batch in flight has its key, and the items behind it do not wait", async () => {
  const { sent, keys, add } = recordingBatcher();
  const answers = [add("a"), add("a"), add("b"), add("a")];
  await turn();
  expect(keys()).toEqual([["a", "b"]]);
  for (const [index, texts] of [["first", "B"], ["second"], ["third"]].entries()) {
    sent[index]?.answer(texts);
    await turn();
  }
  expect(keys()).toEqual([["a", "b"], ["a"], ["a"]]);
  expect(await Promise.all(answers)).toEqual(["first", "second", "B", "third"]);
});

it("each item is sent alone when `whenRefused` says so", async () => {
  const { sent, keys, add } = recordingBatcher();
  const outcomes = Promise.allSettled([add("good"), add("bad")]);
  await turn();
  sent[0]?.fail("refused");
  await turn();
  expect(keys().slice(1)).toEqual([["good"], ["bad"]]);
  sent[1]?.answer(["GOOD"]);
  sent[2]?.fail("refused");
  expect(await outcomes).toMatchObject([{ value: "GOOD" }, { reason: "refused" }]);
});

it("all items fail where it is unknown what was written, and the next batch is sent", async () => {
  const { sent, add } = recordingBatcher();
  const outcomes = Promise.allSettled([add("a"), add("b")]);
  await turn();
  sent[0]?.fail("lost");
  expect(await outcomes).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
  expect(sent).toHaveLength(1);
  const next = add("c");
  await turn();
  sent[1]?.answer(["C"]);
  expect(await next).toBe("C");
});

it("the batcher stops waiting for a batch that hangs, but accepts a late answer", async () => {
  vi.useFakeTimers();
  const { sent, keys, add } = recordingBatcher();
  const answers = [];
  for (const key of ["a", "b", "c"]) {
    answers.push(add(key));
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(keys()).toEqual([["a"], ["b"]]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(keys()).toEqual([["a"], ["b"], ["c"]]);
  for (const [index, { answer }] of sent.entries()) answer([`${index}`]);
  expect(await Promise.all(answers)).toEqual(["0", "1", "2"]);
  for (const key of ["d", "e", "f"]) {
    void add(key);
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(keys().slice(3)).toEqual([["d"], ["e"]]);
});

describe("a batcher without optional parts", () => {
  it("has two batches in flight at once, and no third", async () => {
    const { sent, keys, add } = recordingBatcher({});
    for (const key of ["a", "b", "c", "d"]) {
      void add(key);
      await turn();
    }
    expect(keys()).toEqual([["a"], ["b"]]);
    sent[1]?.answer(["B"]);
    await turn();
    expect(keys()).toEqual([["a"], ["b"], ["c", "d"]]);
  });

  it("sends equal items in one batch, in their order", async () => {
    const { sent, keys, add } = recordingBatcher({});
    const answers = [add("a"), add("a")];
    await turn();
    expect(keys()).toEqual([["a", "a"]]);
    sent[0]?.answer(["first", "second"]);
    expect(await Promise.all(answers)).toEqual(["first", "second"]);
  });

  it("sends what exceeds a batch in the next one", async () => {
    const { sent, add } = recordingBatcher({});
    for (let index = 0; index < 250; index += 1) void add(`${index}`);
    await turn();
    expect(sent.map((batch) => batch.keys.length)).toEqual([100, 100]);
    sent[0]?.answer([]);
    await turn();
    expect(sent.map((batch) => batch.keys.length)).toEqual([100, 100, 50]);
    expect(sent.at(-1)?.keys.at(-1)).toBe("249");
  });

  it("rejects every item of a batch that is refused", async () => {
    const { sent, add } = recordingBatcher({});
    const outcomes = Promise.allSettled([add("a"), add("b")]);
    await turn();
    sent[0]?.fail("refused");
    expect(await outcomes).toMatchObject([{ reason: "refused" }, { reason: "refused" }]);
    expect(sent).toHaveLength(1);
  });

  it("rejects only the item whose answer rejects, and answers the others", async () => {
    const { sent, add } = recordingBatcher({});
    const outcomes = Promise.allSettled([add("bad"), add("good")]);
    await turn();
    sent[0]?.answer([Promise.reject(new Error("bad")), "GOOD"]);
    expect(await outcomes).toMatchObject([{ status: "rejected" }, { value: "GOOD" }]);
  });
});
