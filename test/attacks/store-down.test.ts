import { memoryStore } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { adapters, bootEndpoint, queryOf, type Endpoint } from "./endpoint.ts";

const LEASE_MS = 150;

/** A store whose first ingests are written although their reply is lost. */
function losingReplies(count: number, lose: () => Promise<never>) {
  const store = memoryStore();
  let lost = 0;
  return {
    ...store,
    async ingest(...args: Parameters<typeof store.ingest>) {
      const reply = await store.ingest(...args);
      return lost++ < count ? lose() : reply;
    },
  };
}

describe.each(adapters)("%s", (adapter) => {
  let endpoint: Endpoint;
  afterEach(() => endpoint.close());

  it.each([
    ["an error", () => Promise.reject(new Error("connection reset"))],
    ["silence", () => new Promise<never>(() => undefined)],
  ])(
    "a write whose reply is lost by %s is answered 503, its repeat is a duplicate, and the callback runs once",
    async (_, lose) => {
      endpoint = await bootEndpoint(adapter, {
        store: losingReplies(2, lose),
        limits: { leaseMs: LEASE_MS, storeTimeoutMs: 50 },
      });
      const query = queryOf(await endpoint.auth.mint());
      const body = JSON.stringify(succeededPayload());
      const refused = [await endpoint.send(query, body), await endpoint.send(query, body)];
      expect(refused.map(({ status }) => status)).toEqual([503, 503]);
      expect((await endpoint.send(query, body)).text).toBe('{"received":true,"duplicate":true}');
      await vi.waitFor(() => expect(endpoint.handed).toHaveLength(1), 10_000);
      expect((await endpoint.send(query, body)).text).toBe('{"received":true,"duplicate":true}');
      expect(endpoint.handed).toHaveLength(1);
    },
  );
});
