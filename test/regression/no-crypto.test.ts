import { createReceiver, memoryStore, signedUrl } from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";
import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { Redis } from "@upstash/redis";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** As in a simulated browser of old, whose `crypto` is missing or has few methods. */
const withoutGlobal = (): void => void vi.stubGlobal("crypto", undefined);

/** As a Node that was built without OpenSSL, or whose policy allows no `node:crypto`. */
function withoutCrypto(): void {
  withoutGlobal();
  const { getBuiltinModule } = process;
  vi.spyOn(process, "getBuiltinModule").mockImplementation((name: string) =>
    name === "node:crypto" ? undefined : getBuiltinModule(name),
  );
}

const delivery = { jobId: "a", fingerprint: "f", payload: "{}", source: "webhook" } as const;
const lease = { owner: "o", leaseMs: 1_000 };
const absent = (): never => {
  throw new Error("There is no D1 here.");
};

/** Everything of this kit that needs random numbers or a digest of the host. */
const USES: Record<string, () => unknown> = {
  "core: a delivery": () =>
    createReceiver({ auth: "none", store: memoryStore(), onEvent: () => {} }).ingest({
      job_id: "a",
      status: "failed",
    }),
  "core: a signed URL": () => {
    const auth = signedUrl({ secrets: ["s".repeat(32)], url: "https://app.test/hook" });
    return createReceiver({ auth, store: memoryStore() }).webhookUrl();
  },
  "store-redis": () =>
    redisStore({
      client: new Redis({ url: "http://127.0.0.1:1", token: "t", retry: false }),
    }).ingest(delivery, lease),
  "store-cloudflare": () => d1Store({ prepare: absent, batch: absent }).ingest(delivery, lease),
  "testing: a payload": () => succeededPayload(),
  "testing: a simulator without a seed": () => createSimulator(),
  inspector: () => inspector({ subscribe: () => () => {} } as never, { authorize: () => true }),
};

it.each(Object.entries(USES))("%s says what the host lacks", async (_, use) => {
  withoutCrypto();
  await expect(Promise.resolve().then(use)).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("Expected the host to have `crypto`"),
  });
});

it.each(Object.entries(USES))("%s needs no global where Node has its own", async (_, use) => {
  withoutGlobal();
  const end: unknown = await Promise.resolve()
    .then(use)
    .catch((thrown: unknown) => thrown);
  // Redis and D1 are not there.
  if (end instanceof Error) expect(end).toMatchObject({ code: "store_unavailable" });
});

it("sqlite needs none", async () => {
  withoutCrypto();
  const store = sqliteStore(":memory:");
  await store.ready();
  expect(await store.ingest(delivery, lease)).toMatchObject({ kind: "leased" });
  await store.close();
});
