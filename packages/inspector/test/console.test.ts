import { createReceiver, memoryStore, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { afterEach, expect, it, vi } from "vitest";
import { inspector } from "../src/index.ts";
import { failure, picture } from "./support.ts";

afterEach(() => void vi.restoreAllMocks());

type Listening = "the default console" | "an onEvent of its own" | "an onEvent that throws";

/** The lines of the console about results of every kind, and the calls of `onEvent`. */
async function say(listening: Listening, isAttached: boolean) {
  const said: string[] = [];
  for (const level of ["debug", "log", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
      said.push([level, ...words.map(String)].join(" "));
    });
  }
  const events: string[] = [];
  const onEvent = (event: ReceiverEvent): void => {
    events.push(event.type);
    if (listening === "an onEvent that throws") throw new Error("the listener is broken");
  };
  let nowMs = 1_000_000;
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore({ clock: () => nowMs }),
    clock: () => nowMs,
    retry: { maxAttempts: 2, minDelayMs: 10 },
    onSucceeded(job) {
      if (job.job_id !== "job_good") throw new Error(`no archive for ${job.job_id}`);
    },
    ...(listening !== "the default console" && { onEvent }),
  });
  if (isAttached) inspector(receiver, { authorize: () => true });
  const deliver = async (body: string): Promise<void> => {
    await receiver.fetch(new Request("http://app.test/hook", { method: "POST", body }));
    await receiver.idle();
  };
  await deliver(JSON.stringify(picture("job_good")));
  await deliver(JSON.stringify(picture("job_good")));
  await deliver(JSON.stringify(failure("job_good")));
  await deliver(JSON.stringify(failure("job_without_callback")));
  await deliver(JSON.stringify({ job_id: "job_odd", status: "never heard of" }));
  await deliver("no json");
  await deliver(JSON.stringify(picture("job_bad")));
  nowMs += 60_000;
  await receiver.tick();
  await receiver.idle();
  expect(await receiver.stats()).toMatchObject({ done: 2, dead: 2 });
  await receiver.drain();
  vi.restoreAllMocks();
  return { said, events };
}

it.each<[Listening, RegExp | undefined]>([
  ["the default console", /no archive for job_bad/],
  ["an onEvent of its own", undefined],
  ["an onEvent that throws", undefined],
])("%s gets the same with and without the inspector", async (listening, expected) => {
  const alone = await say(listening, false);
  const attached = await say(listening, true);
  expect(attached).toEqual(alone);
  if (expected === undefined) expect(alone.events).toContain("conflict");
  else expect(alone.said.join("\n")).toMatch(expected);
});
