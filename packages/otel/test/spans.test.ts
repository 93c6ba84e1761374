import { setTimeout as sleep } from "node:timers/promises";
import {
  createReceiver,
  memoryStore,
  sharedReceiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { createManualClock, failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { context, diag, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { withOpenTelemetry } from "../src/index.ts";
import { requestOf, startSdk } from "./support.ts";

const quiet = { onEvent: () => undefined };

/** Delivers one result within a request's span, to callbacks that await and open their own span. */
async function deliverOne(options: Partial<ReceiverOptions> = {}) {
  const sdk = startSdk();
  const { tracer, meter } = sdk;
  const save = async (): Promise<void> => {
    await sleep(1);
    tracer.startActiveSpan("save to database", (span) => span.end());
  };
  const receiver = createReceiver(
    withOpenTelemetry(
      {
        auth: "none",
        store: memoryStore(),
        onSucceeded: save,
        onFailed: save,
        ...quiet,
        ...options,
      },
      { tracer, meter },
    ),
  );
  const request = (payload?: unknown): Promise<string> =>
    tracer.startActiveSpan("POST /api/abstrakt-webhook", async (span) => {
      await receiver.fetch(requestOf(payload));
      span.end();
      return span.spanContext().spanId;
    });
  return { sdk, receiver, request };
}

describe("the span of an attempt", () => {
  it("has the conventions' name, kind and attributes, and a trace of its own", async () => {
    const { sdk, receiver, request } = await deliverOne();
    const payload = succeededPayload();
    await request(payload);
    await receiver.idle();
    const [span] = sdk.attempts();
    expect(span).toMatchObject({ kind: SpanKind.CONSUMER, status: { code: SpanStatusCode.UNSET } });
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.attributes).toEqual({
      "messaging.system": "abstrakt",
      "messaging.operation.name": "process",
      "messaging.operation.type": "process",
      "messaging.destination.name": "abstrakt.jobs",
      "messaging.message.id": payload.job_id,
    });
  });

  const nested = async (disable: boolean): Promise<boolean> => {
    const { sdk, receiver, request } = await deliverOne();
    if (disable) context.disable();
    await request();
    await receiver.idle();
    const [attempt] = sdk.attempts();
    const save = sdk.spans().find(({ name }) => name === "save to database");
    expect(attempt).toBeDefined();
    expect(save).toBeDefined();
    return save?.parentSpanContext?.spanId === attempt?.spanContext().spanId;
  };

  it("is active in the callback, also after an await", async () => {
    expect(await nested(false)).toBe(true);
  });

  it("is not active without a context manager", async () => {
    expect(await nested(true)).toBe(false);
  });

  it("surrounds onFailed and synchronous callbacks as well", async () => {
    const onFailed = vi.fn();
    const { sdk, receiver, request } = await deliverOne({ onFailed });
    await request(failedPayload());
    await receiver.idle();
    expect(onFailed).toHaveBeenCalledTimes(1);
    expect(sdk.attempts()).toHaveLength(1);
  });

  it("surrounds the callbacks of a shared receiver, also replaced ones", async () => {
    const { tracer, meter, attempts } = startSdk();
    const make = () => withOpenTelemetry({ auth: "none", store: memoryStore() }, { tracer, meter });
    const [first, second] = [vi.fn(), vi.fn()];
    sharedReceiver("otel", { onSucceeded: first, ...quiet }, make);
    const receiver = sharedReceiver("otel", { onSucceeded: second, ...quiet }, make);
    await receiver.fetch(requestOf());
    await receiver.drain();
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    expect(attempts()).toHaveLength(1);
  });

  it("is the parent of a query that starts when it is awaited", async () => {
    // A query of postgres.js or Knex is such an object.
    const query = {
      then(resolve: (rows: unknown[]) => void) {
        sdk.tracer.startActiveSpan("query", (span) => span.end());
        resolve([]);
      },
    };
    const { sdk, receiver, request } = await deliverOne({ onSucceeded: () => query });
    await request();
    await receiver.idle();
    const queries = sdk.spans().filter(({ name }) => name === "query");
    expect(queries.map((span) => span.parentSpanContext?.spanId)).toEqual(
      sdk.attempts().map((span) => span.spanContext().spanId),
    );
    expect(queries).toHaveLength(1);
  });
});

describe("an SDK that throws", () => {
  const fails = (): never => {
    throw new Error("the SDK fails");
  };
  it.each([
    ["at the start of a span", { onStart: fails, onEnd: () => undefined }],
    ["at the end of a span", { onStart: () => undefined, onEnd: fails }],
  ])("%s changes nothing for the callback, also when it is cut off", async (_, broken) => {
    const { meter } = startSdk();
    const rest = { forceFlush: async () => undefined, shutdown: async () => undefined };
    const processor = { ...broken, ...rest };
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer("test");
    const logged = vi.fn();
    diag.setLogger({ error: logged, warn: logged, info: logged, debug: logged, verbose: logged });
    onTestFinished(() => diag.disable());
    const onSucceeded = vi.fn();
    const onFailed = vi.fn(() => new Promise<void>(() => undefined));
    const types: string[] = [];
    const receiver = createReceiver(
      withOpenTelemetry(
        {
          auth: "none",
          store: memoryStore(),
          retry: { maxAttempts: 2, minDelayMs: 1 },
          limits: { handlerTimeoutMs: 20 },
          onSucceeded,
          onFailed,
          onEvent: ({ type }) => void types.push(type),
        },
        { tracer, meter },
      ),
    );
    await receiver.fetch(requestOf());
    await receiver.idle();
    expect(types).toEqual(["stored", "attempt", "done"]);
    expect(onSucceeded).toHaveBeenCalledTimes(1);
    await receiver.fetch(requestOf(failedPayload()));
    await expect.poll(() => types.includes("dead")).toBe(true);
    expect(onFailed).toHaveBeenCalledTimes(2);
    expect(logged).toHaveBeenCalled();
  });
});

describe("a failed attempt's error.type", () => {
  it.each([
    ["a class", new TypeError("canary"), "TypeError"],
    ["a code", Object.assign(new Error("canary"), { code: "ECONNRESET" }), "ECONNRESET"],
    [
      "a code that is a sentence",
      Object.assign(new Error("x"), { code: "a canary text" }),
      "Error",
    ],
    ["no error", "canary", "_OTHER"],
  ])("is %s", async (_, thrown, type) => {
    for (const isAsync of [true, false]) {
      const onSucceeded = (): void | Promise<void> => {
        if (isAsync) return Promise.reject(thrown);
        throw thrown;
      };
      const { sdk, receiver, request } = await deliverOne({ onSucceeded });
      await request();
      await receiver.idle();
      const [span] = sdk.attempts();
      expect(span?.attributes).toMatchObject({ "error.type": type });
      expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
      expect(span?.events).toEqual([]);
      await receiver.drain();
    }
  });

  it("is the reason for the abort, at the time of the abort", async () => {
    const ends: (() => void)[] = [];
    const onSucceeded = () => new Promise<void>((resolve) => void ends.push(resolve));
    const { sdk, receiver, request } = await deliverOne({
      onSucceeded,
      limits: { handlerTimeoutMs: 20 },
    });
    await request();
    await expect.poll(() => sdk.attempts().length).toBe(1);
    expect(sdk.attempts()[0]?.attributes).toMatchObject({ "error.type": "handler_timeout" });
    for (const end of ends) end();
    await receiver.idle();
    const { points } = (await sdk.metrics())["messaging.client.consumed.messages"] ?? {};
    expect(points).toMatchObject([{ value: 1, attributes: { "error.type": "handler_timeout" } }]);
  });
});

describe("the link of an attempt", () => {
  const linked = (span: { links: { context: { spanId: string } }[] } | undefined) =>
    span?.links.map((link) => link.context.spanId);

  it.each(["stored", "handled"] as const)(
    'is to its delivery\'s span with ack "%s"',
    async (ack) => {
      const { sdk, receiver, request } = await deliverOne({ ack });
      const first = await request();
      const second = await request();
      await receiver.idle();
      expect(sdk.attempts().map(linked)).toEqual([[first], [second]]);
    },
  );

  it("is the same for retries, wherever they are claimed", async () => {
    const clock = createManualClock();
    let fails = true;
    const { sdk, receiver, request } = await deliverOne({
      clock: clock.now,
      store: memoryStore({ clock: clock.now }),
      onSucceeded() {
        if (fails) throw new Error("again");
      },
    });
    const delivery = await request();
    await receiver.idle();
    fails = false;
    clock.advance(60_000);
    await sdk.tracer.startActiveSpan("cron", async (span) => {
      await receiver.tick();
      span.end();
    });
    expect(sdk.attempts().map(linked)).toEqual([[delivery], [delivery]]);
    await request();
    await receiver.idle();
    expect(sdk.attempts()).toHaveLength(3);
  });

  it("is absent where another process received the result", async () => {
    const clock = createManualClock();
    const store = memoryStore({ clock: clock.now });
    const onSucceeded = () => {
      throw new Error("again");
    };
    const first = await deliverOne({ clock: clock.now, store, onSucceeded });
    await first.request();
    await first.receiver.drain();
    clock.advance(60_000);
    const second = await deliverOne({ clock: clock.now, store });
    await second.sdk.tracer.startActiveSpan("cron", () => second.receiver.tick());
    expect(second.sdk.attempts().map(linked)).toEqual([[]]);
  });

  it("is absent where no span was active", async () => {
    const { sdk, receiver } = await deliverOne();
    await receiver.fetch(requestOf());
    await receiver.idle();
    expect(sdk.attempts().map(linked)).toEqual([[]]);
  });
});

it("the console still prints failures, although onEvent would silence it", async () => {
  const print = vi.spyOn(console, "error").mockReturnValue();
  const { tracer, meter } = startSdk();
  const onSucceeded = () => Promise.reject(new Error("the database is away"));
  const options = { auth: "none", store: memoryStore(), onSucceeded } as const;
  const receiver = createReceiver(withOpenTelemetry(options, { tracer, meter }));
  await receiver.fetch(requestOf());
  await receiver.idle();
  expect(print.mock.calls.join()).toContain("the database is away");
  print.mockRestore();
});

it("options that are already instrumented are refused", () => {
  const { tracer, meter } = startSdk();
  const options = withOpenTelemetry({ auth: "none" } as const, { tracer, meter });
  expect(() => withOpenTelemetry(options)).toThrow("without `instrumentation`");
});

it("nothing changes without an SDK", async () => {
  const onSucceeded = vi.fn();
  const receiver = createReceiver(
    withOpenTelemetry({ auth: "none", store: memoryStore(), onSucceeded, ...quiet }),
  );
  await receiver.fetch(requestOf());
  await receiver.drain();
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});
