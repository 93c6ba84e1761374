import { createReceiver, memoryStore, signedUrl } from "@abstrakt-webhooks/core";
import { createManualClock, pendingPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it, vi } from "vitest";
import { withOpenTelemetry } from "../src/index.ts";
import { requestOf, startSdk } from "./support.ts";

const quiet = { onEvent: () => undefined };
const PROCESS = {
  "messaging.system": "abstrakt",
  "messaging.operation.name": "process",
  "messaging.operation.type": "process",
  "messaging.destination.name": "abstrakt.jobs",
};

it("callbacks are counted and measured in seconds", async () => {
  const { tracer, meter, metrics } = startSdk();
  const clock = createManualClock();
  let attempts = 0;
  const receiver = createReceiver(
    withOpenTelemetry(
      {
        auth: "none",
        clock: clock.now,
        store: memoryStore({ clock: clock.now }),
        async onSucceeded() {
          attempts += 1;
          clock.advance(attempts * 1_500);
          if (attempts === 1) throw new RangeError("again");
        },
        ...quiet,
      },
      { tracer, meter },
    ),
  );
  await receiver.fetch(requestOf());
  await receiver.idle();
  clock.advance(60_000);
  await receiver.tick();
  const all = await metrics();
  expect(all["messaging.process.duration"]).toEqual({
    unit: "s",
    points: [
      { attributes: { ...PROCESS, "error.type": "RangeError" }, value: { sum: 1.5, count: 1 } },
      { attributes: PROCESS, value: { sum: 3, count: 1 } },
    ],
  });
  expect(all["messaging.client.consumed.messages"]?.points).toEqual([
    { attributes: { ...PROCESS, "error.type": "RangeError" }, value: 1 },
    { attributes: PROCESS, value: 1 },
  ]);
});

it("answers are measured in seconds, and results are counted by outcome", async () => {
  const { tracer, meter, metrics } = startSdk();
  const clock = createManualClock();
  const slow = {
    admit() {
      clock.advance(250);
      return {};
    },
  };
  const receiver = createReceiver(
    withOpenTelemetry(
      { auth: slow, clock: clock.now, store: memoryStore({ clock: clock.now }), ...quiet },
      { tracer, meter },
    ),
  );
  const payload = succeededPayload();
  const other = {
    ...payload,
    output: { type: "image", items: [{ type: "image", url: "https://a.b/c" }] },
  };
  for (const body of [
    payload,
    payload,
    other,
    pendingPayload(),
    { ...other, status: "?", job_id: "j" },
    1,
  ]) {
    await receiver.fetch(requestOf(body));
  }
  await receiver.ingest(succeededPayload());
  const all = await metrics();
  const outcomes = { stored: 2, duplicate: 1, conflict: 1, ignored: 1, parked: 1, refused: 1 };
  expect(all["abstrakt.webhook.deliveries"]?.points).toHaveLength(6);
  for (const [outcome, count] of Object.entries(outcomes)) {
    expect(all["abstrakt.webhook.deliveries"]?.points).toContainEqual({
      attributes: { "abstrakt.webhook.outcome": outcome },
      value: count,
    });
    expect(all["abstrakt.webhook.ack.duration"]?.points).toContainEqual({
      attributes: {
        "abstrakt.webhook.outcome": outcome,
        "http.response.status_code": outcome === "refused" ? 400 : 200,
      },
      value: { sum: 0.25, count: 1 },
    });
  }
  expect(all["abstrakt.webhook.ack.duration"]?.unit).toBe("s");
});

it("the gauges read waiting and dead jobs from the store, until the receiver has drained", async () => {
  const { tracer, meter, metrics } = startSdk();
  const clock = createManualClock();
  const store = memoryStore({ clock: clock.now });
  const fail = () => Promise.reject(new Error("always"));
  const options = { auth: "none", clock: clock.now, store, onSucceeded: fail, ...quiet } as const;
  const once = createReceiver({ ...options, retry: { maxAttempts: 1 } });
  await once.fetch(requestOf());
  await once.idle();
  const receiver = createReceiver(withOpenTelemetry(options, { tracer, meter }));
  await receiver.fetch(requestOf());
  await receiver.idle();
  clock.advance(1_000);
  const point = (value: number) => [{ attributes: {}, value }];
  const all = await metrics();
  expect(all).toMatchObject({
    "abstrakt.webhook.pending": { unit: "{job}", points: point(1) },
    "abstrakt.webhook.oldest_pending.age": { unit: "s", points: point(1) },
    "abstrakt.webhook.dead": { unit: "{job}", points: point(1) },
  });
  const stats = vi.spyOn(store, "stats");
  await metrics();
  expect(stats).toHaveBeenCalledTimes(1);
  await receiver.drain();
  stats.mockClear();
  await metrics();
  expect(stats).not.toHaveBeenCalled();
});

it("there is no gauge where the store cannot count, and no warning about it", async () => {
  const { tracer, meter, metrics } = startSdk();
  const { stats: _, ...store } = memoryStore();
  const receiver = createReceiver(
    withOpenTelemetry({ auth: "none", store, ...quiet }, { tracer, meter }),
  );
  await receiver.fetch(requestOf());
  const all = await metrics();
  expect(all).toHaveProperty(["abstrakt.webhook.deliveries"]);
  expect(all).not.toHaveProperty(["abstrakt.webhook.pending"]);
});

it("no URL, ref, token, payload or error text is exported", async () => {
  const { tracer, meter, metrics, spans } = startSdk();
  const url = "https://app.example.com/api/abstrakt-webhook";
  const receiver = createReceiver(
    withOpenTelemetry(
      {
        auth: signedUrl({ secrets: ["canary-secret".padEnd(32, "s")], url }),
        store: memoryStore(),
        retry: { maxAttempts: 1 },
        onSucceeded: async () => {
          throw new Error("canary-error at https://canary.example.com/?k=canary");
        },
        ...quiet,
      },
      { tracer, meter },
    ),
  );
  const items = [{ type: "image", url: "https://cdn.example.com/canary.png?sig=canary" }];
  const payload = succeededPayload({ output: { type: "image", items }, canary: "canary" });
  const { search } = new URL(await receiver.webhookUrl({ ref: "canary-ref" }));
  await tracer.startActiveSpan("POST", async (span) => {
    await receiver.fetch(requestOf(payload, search));
    await receiver.fetch(requestOf(payload, "?k=v1.canary"));
    span.end();
  });
  await receiver.idle();
  const exported = JSON.stringify([
    spans().map(({ name, attributes, events, links, status }) => ({
      name,
      attributes,
      events,
      links,
      status,
    })),
    await metrics(),
  ]);
  expect(exported).toContain(payload.job_id);
  expect(exported).toContain("refused");
  expect(exported).toContain("abstrakt.webhook.dead");
  expect(exported).not.toMatch(/canary|https?:/);
  expect(exported).not.toContain(search.slice(3));
});
