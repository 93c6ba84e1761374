import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  createReceiver,
  memoryStore,
  refetch,
  signedUrl,
  standardWebhooks,
  type ReceiverEvent,
} from "../../src/index.ts";
import { fakeApi, pending } from "./fake-api.ts";
import { boot, deliver, failed, pass, post, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "warn").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => void vi.restoreAllMocks());

const silent = (options: Partial<Parameters<typeof createReceiver>[0]> = {}) =>
  createReceiver({ auth: "none", store: memoryStore(), ...options });

it("the console prints the first failure of each job with its stack, and no later one", async () => {
  const receiver = silent({
    onSucceeded: function saveOrder() {
      throw new Error("no table");
    },
  });
  await deliver(receiver, succeeded("a"));
  await pass(60_000);
  const failures = lines.filter((line) => line.includes("no table"));
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatch(/^\[abstrakt-webhooks\] The callback of job a failed at attempt 1/);
  expect(failures[0]).toMatch(/Error: no table\n    at .*saveOrder/);
  expect(failures[0]?.split("\n").length).toBeLessThanOrEqual(21);
});

it("the console does not blame the callback when the result is not confirmed", async () => {
  const onSucceeded = vi.fn();
  const { client } = fakeApi({ a: pending("a") });
  const receiver = silent({ auth: refetch(), client, onSucceeded });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(onSucceeded).not.toHaveBeenCalled();
  expect(lines.filter((line) => line.includes("job a"))).toEqual([
    expect.stringMatching(/Attempt 1 of job a failed: still_running: .*\n  It runs again in \d+ s/),
  ]);
});

it("the console prints no URL and no token of a thrown error", async () => {
  const receiver = silent({
    onSucceeded() {
      throw new Error("GET https://cdn.example.com/a.png?sig=secret failed");
    },
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(lines.join("\n")).toContain("GET [url] failed");
  expect(lines.join("\n")).not.toContain("secret");
});

it("the console prints each reason for a 400 or a 401 once", async () => {
  let admits = false;
  const receiver = silent({ auth: { admit: () => admits && {} } });
  for (let times = 0; times < 3; times += 1) await receiver.handle(post(succeeded("a")));
  admits = true;
  for (let times = 0; times < 3; times += 1) await receiver.handle(post("nothing"));
  expect(lines).toEqual([
    expect.stringContaining("refused with 401 (unauthorized)"),
    expect.stringContaining("refused with 400 (malformed). Expected a job's payload"),
  ]);
});

it("the console prints what to do about a 401, where the auth knows it", async () => {
  const url = "https://app.example.com/hook";
  const secrets = ["whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYw=="];
  const auths = [
    signedUrl({ secrets, url }),
    standardWebhooks({ secrets }),
    { admit: () => ({ refused: "closed" }), advice: { closed: "Open it." } },
    { admit: () => false as const },
  ];
  for (const auth of auths) await silent({ auth }).handle(post(succeeded("a")));
  expect(lines).toEqual([
    expect.stringContaining("(missing_token). Its URL has no `k`: submit the job"),
    expect.stringContaining("(missing_signature). It has no `webhook-id`"),
    expect.stringContaining("(closed). Open it. The same reason"),
    expect.stringContaining("(unauthorized). Look at what your `auth` answers"),
  ]);
});

it("the console prints the same with or without a subscriber, and nothing if there is an onEvent", async () => {
  const receiver = silent({
    retry: { maxAttempts: 1 },
    onFailed: () => Promise.reject(new Error("x")),
  });
  receiver.subscribe(() => undefined);
  await deliver(receiver, failed("a"));
  await pass(1);
  expect(lines).toEqual([expect.stringContaining("job a is dead after attempt 1")]);
  const { receiver: heard } = boot({ retry: { maxAttempts: 1 }, onFailed: () => Promise.reject() });
  await deliver(heard, failed("b"));
  await pass(1);
  expect(lines).toHaveLength(1);
});

it("every subscriber gets the same event, until it unsubscribes", async () => {
  const receiver = silent();
  const [one, two]: ReceiverEvent[][] = [[], []];
  const leave = receiver.subscribe((event) => void one?.push(event));
  receiver.subscribe((event) => void two?.push(event));
  receiver.subscribe(() => {
    throw new Error("bad subscriber");
  });
  await deliver(receiver, succeeded("a"));
  leave();
  await deliver(receiver, succeeded("b"));
  await pass(1);
  expect(one?.map(({ type }) => type)).toContain("stored");
  expect(one?.some((event) => "jobId" in event && event.jobId === "b")).toBe(false);
  expect(two?.filter(({ type }) => type === "done")).toHaveLength(2);
  expect(two?.[0]).toBe(one?.[0]);
  expect(() => receiver.subscribe("x" as never)).toThrow(/Expected `listener` to be a function/);
});

it("JSON of an event contains neither the thrown error nor the conflicting payload", async () => {
  const thrown = new Error("no");
  const { receiver, of } = boot({ onSucceeded: () => Promise.reject(thrown) });
  await deliver(receiver, succeeded("a"));
  await deliver(receiver, failed("a"));
  await pass(1);
  const [retry] = of("retry");
  const [conflict] = of("conflict");
  expect(retry?.cause).toBe(thrown);
  expect(Object.keys(retry ?? {})).not.toContain("cause");
  expect(JSON.parse(conflict?.payload ?? "")).toMatchObject({ job_id: "a", status: "failed" });
  expect(JSON.stringify(conflict)).not.toContain("payload");
});

it("the events of a job and the lines on the console name its ref", async () => {
  const admit = () => ({ binding: ".b3JkZXItNw" });
  const { receiver, events } = boot({ auth: { admit }, onSucceeded: () => Promise.reject(1) });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(events).toMatchObject([
    { type: "stored", jobId: "a", ref: "order-7" },
    { type: "attempt", ref: "order-7" },
    { type: "retry", ref: "order-7" },
  ]);
  await deliver(silent({ auth: { admit }, onSucceeded: () => Promise.reject(1) }), succeeded("a"));
  await pass(1);
  expect(lines.join("\n")).toContain("job a (ref order-7)");
});

it("each subscriber gets `draining` once, even if another one throws", async () => {
  const receiver = silent();
  const told: string[] = [];
  const ignore = (): void => undefined;
  receiver.subscribe(ignore, () => {
    throw new Error("bad subscriber");
  });
  receiver.subscribe(ignore, () => void told.push("stays"));
  receiver.subscribe(ignore, () => void told.push("left"))();
  await receiver.drain();
  await receiver.drain();
  expect(told).toEqual(["stays"]);
  expect(() => receiver.subscribe(ignore, "x" as never)).toThrow(/Expected `onDrain` to be a func/);
});
