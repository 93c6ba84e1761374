import { createReceiver, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { describe, expect, it } from "vitest";
import { openLibsqlD1 } from "../../../test/support/libsql-d1.ts";
import { d1Store, type D1Database } from "../src/index.ts";

describe("options", () => {
  it.each<[what: string, database: unknown, options: object | undefined, message: string]>([
    [
      "no binding",
      undefined,
      undefined,
      "Expected a D1 binding such as env.DB, got undefined. Name it in `d1_databases` of the wrangler configuration.",
    ],
    ["a KV namespace", { get() {}, put() {} }, undefined, "Expected a D1 binding such as env.DB"],
    [
      "an empty namespace",
      openLibsqlD1(),
      { namespace: "" },
      'Expected `namespace` to be a string that is not empty, got "".',
    ],
    [
      "no retention",
      openLibsqlD1(),
      { doneTtlMs: 0 },
      "Expected `doneTtlMs` to be a whole number of at least 1, got 0.",
    ],
    [
      "a retention that is text",
      openLibsqlD1(),
      { deadTtlMs: "8d" },
      "Expected `deadTtlMs` to be a whole number of at least 1, got string.",
    ],
    [
      "a keepPayload that is no boolean",
      openLibsqlD1(),
      { keepPayload: 1 },
      "Expected `keepPayload` to be true or false, got 1.",
    ],
    [
      "a clock that is no function",
      openLibsqlD1(),
      { clock: 5 },
      "Expected `clock` to be a function, got 5.",
    ],
    [
      "a misspelt option",
      openLibsqlD1(),
      { doneTtl: 5 },
      "Unknown option `doneTtl`. Did you mean `doneTtlMs`? Known: clock,",
    ],
  ])("%s", (_, database, options, message) => {
    expect(() => d1Store(database as D1Database, options)).toThrow(
      expect.objectContaining({
        code: "invalid_options",
        message: expect.stringContaining(message),
      }),
    );
  });

  it("an option of undefined has its default", () => {
    const options: object = { doneTtlMs: undefined };
    const { traits } = d1Store(openLibsqlD1(), options);
    expect(traits).toEqual({
      durable: true,
      shared: true,
      doneTtlMs: 8 * 86_400_000,
      deadTtlMs: 30 * 86_400_000,
    });
  });
});

it("an unmigrated database is answered 503 with the command to run", async () => {
  const events: ReceiverEvent[] = [];
  const receiver = createReceiver({
    auth: "none",
    store: d1Store(openLibsqlD1([])),
    onEvent: (event) => void events.push(event),
  });
  await expect(receiver.tick()).rejects.toThrow("wrangler d1 migrations apply");
  const body = JSON.stringify(succeededPayload());
  const response = await receiver.fetch(new Request("http://x/", { method: "POST", body }));
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(JSON.stringify(events)).toContain("wrangler d1 migrations apply");
});

it("keepPayload: false drops the payload of a done job", async () => {
  const store = d1Store(openLibsqlD1(), { keepPayload: false });
  const delivery = { jobId: "job", fingerprint: "1-a", payload: "{}", source: "webhook" } as const;
  const ingested = await store.ingest(delivery, { owner: "test", leaseMs: 60_000 });
  if (ingested.kind !== "leased") throw new Error(ingested.kind);
  expect(await store.get("job")).toHaveProperty("payload", "{}");
  expect(await store.settle(ingested.lease, { to: "done" })).toBe(true);
  expect(await store.get("job")).not.toHaveProperty("payload");
});
