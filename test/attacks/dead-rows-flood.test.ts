import {
  createReceiver,
  memoryStore,
  refetch,
  type JobSucceeded,
  type ReceiverEvent,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { createManualClock, deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

const FLOOD = 10_000;

/** A receiver on a memory store with its defaults, and with its own clock. */
function boot(options: Partial<ReceiverOptions> = {}) {
  const clock = createManualClock();
  const events: ReceiverEvent[] = [];
  const done: string[] = [];
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore({ clock: clock.now }),
    clock: clock.now,
    retry: { maxAttempts: 3, minDelayMs: 1, maxDelayMs: 1 },
    onSucceeded: ({ job_id }) => {
      if (job_id.startsWith("broken")) throw new Error("callback");
      done.push(job_id);
    },
    onEvent: (event) => void events.push(event),
    ...options,
  });
  /** Runs all waiting jobs and every retry. */
  const settle = async () => {
    for (let pass = 0; pass < 4; pass += 1) {
      await receiver.idle();
      clock.advance(10);
    }
  };
  const warnings = () =>
    events.flatMap((event) => (event.type === "warning" ? [event.error.code] : []));
  const send = async (job: JobSucceeded) => {
    const [answer] = await deliver(receiver, job);
    await settle();
    return answer?.status;
  };
  return { receiver, done, settle, send, warnings };
}

const deadLetterOf = async ({ receiver }: ReturnType<typeof boot>, jobId: string) =>
  (await receiver.list({ prefix: jobId, state: "dead" })).records[0]?.error;

it(`${FLOOD} invented jobs with refetch block no true result and remove no dead letter`, async () => {
  const known = new Map<string, JobSucceeded>();
  const client = {
    run: () => Promise.reject(new Error("unused")),
    getJob: async (jobId: string) => known.get(jobId),
  };
  const booted = boot({ auth: refetch(), client });
  const { receiver, done, send, settle, warnings } = booted;
  const [broken, expected, late] = ["broken", "expected", "late"].map((job_id) => {
    const job = succeededPayload({ job_id });
    known.set(job_id, job);
    return job;
  }) as [JobSucceeded, JobSucceeded, JobSucceeded];
  expect(await send(broken)).toBe(200);
  expect(await deadLetterOf(booted, "broken")).toBe("Error: callback");
  await receiver.expect(expected.job_id);

  for (let sent = 0; sent < FLOOD; sent += 1) {
    const [answer] = await deliver(receiver, succeededPayload({ job_id: `invented-${sent}` }));
    // The store is full of jobs that may still turn out to be true.
    expect(answer?.status).toBe(sent < FLOOD - 1 ? 200 : 503);
  }
  expect(await send(expected)).toBe(200);
  expect(done).toEqual(["expected"]);
  // Confirmations of unexpected jobs wait for one another.
  for (let pass = 0; pass < 100 && (await receiver.stats()).pending > 0; pass += 1) await settle();
  expect(await receiver.stats()).toMatchObject({ pending: 0, leased: 0, dead: FLOOD });
  expect(await send(late)).toBe(200);
  expect(done).toEqual(["expected", "late"]);
  expect(await deadLetterOf(booted, "broken")).toBe("Error: callback");
  expect(warnings()).toContain("store_full");
}, 60_000);

it(`${FLOOD} invented jobs with refetch, while the API hangs, block no expected result`, async () => {
  const broken = succeededPayload({ job_id: "broken" });
  const expected = succeededPayload({ job_id: "expected" });
  const known = new Map([broken, expected].map((job) => [job.job_id, job]));
  const asked: string[] = [];
  const client = {
    run: () => Promise.reject(new Error("unused")),
    getJob(jobId: string) {
      asked.push(jobId);
      return known.has(jobId) ? Promise.resolve(known.get(jobId)) : new Promise(() => undefined);
    },
  };
  const booted = boot({ auth: refetch(), client });
  const { receiver, done, send, warnings } = booted;
  expect(await send(broken)).toBe(200);
  expect(await deadLetterOf(booted, "broken")).toBe("Error: callback");
  await receiver.expect("expected");

  for (let sent = 0; sent < FLOOD; sent += 1) {
    const [answer] = await deliver(receiver, succeededPayload({ job_id: `invented-${sent}` }));
    expect(answer?.status).toBe(sent < FLOOD - 1 ? 200 : 503);
  }
  const [answer] = await deliver(receiver, expected);
  expect(answer?.status).toBe(200);
  await expect.poll(() => done).toEqual(["expected"]);
  // 75 of the 100 slots wait for the API.
  expect(asked.filter((jobId) => jobId.startsWith("invented")).length).toBe(75);
  expect(await deadLetterOf(booted, "broken")).toBe("Error: callback");
  expect(warnings()).toContain("store_full");
  await receiver.drain({ timeoutMs: 1 });
}, 60_000);

it(`${FLOOD} unrecognised payloads block no true result and remove no dead letter`, async () => {
  const booted = boot();
  const { receiver, done, send, warnings } = booted;
  expect(await send(succeededPayload({ job_id: "broken" }))).toBe(200);
  for (let sent = 0; sent < FLOOD; sent += 1) {
    const odd = { ...succeededPayload({ job_id: `odd-${sent}` }), status: "melted" };
    const [answer] = await deliver(receiver, odd);
    expect(answer?.status).toBe(200);
  }
  expect(await send(succeededPayload({ job_id: "true" }))).toBe(200);
  expect(done).toEqual(["true"]);
  expect(await receiver.stats()).toMatchObject({ dead: FLOOD });
  expect(await deadLetterOf(booted, "broken")).toBe("Error: callback");
  expect(await deadLetterOf(booted, "odd-0")).toBeUndefined();
  expect(warnings().filter((code) => code === "store_full")).toHaveLength(1);
}, 60_000);

it(`${FLOOD} failing callbacks block no true result, and each job is a dead letter`, async () => {
  const booted = boot({ retry: { maxAttempts: 1 } });
  const { receiver, done, send, settle, warnings } = booted;
  for (let sent = 0; sent < FLOOD; sent += 1) {
    const [answer] = await deliver(receiver, succeededPayload({ job_id: `broken-${sent}` }));
    expect(answer?.status).toBe(200);
  }
  await settle();
  expect(await receiver.stats()).toMatchObject({ pending: 0, leased: 0, dead: FLOOD });
  expect(await send(succeededPayload({ job_id: "true" }))).toBe(200);
  expect(done).toEqual(["true"]);
  expect(await deadLetterOf(booted, "broken-0")).toBe("Error: callback");
  expect(warnings()).not.toContain("store_full");
}, 60_000);
