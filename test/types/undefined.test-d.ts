import { createClient, fetchOutputs } from "@abstrakt-webhooks/client";
import {
  createReceiver,
  memoryStore,
  refetch,
  signedUrl,
  standardWebhooks,
  type JobFailed,
  type JobSucceeded,
  type Receiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { createBatcher, type StoreOptions } from "@abstrakt-webhooks/core/store";
import { inspector, type InspectorSource } from "@abstrakt-webhooks/inspector";
import { withOpenTelemetry, type OpenTelemetryOptions } from "@abstrakt-webhooks/otel";
import type { D1StoreOptions } from "@abstrakt-webhooks/store-cloudflare";
import { postgresStore, type PostgresStoreOptions } from "@abstrakt-webhooks/store-postgres";
import type { RedisStoreOptions } from "@abstrakt-webhooks/store-redis";
import type { SqliteStoreOptions } from "@abstrakt-webhooks/store-sqlite";
import {
  deliver,
  type AdapterCapabilities,
  type AdapterTarget,
  type StoreCapabilities,
  type StoreHarness,
  type TestApi,
} from "@abstrakt-webhooks/testing";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import type { Pool } from "pg";
import { describe, expectTypeOf, it } from "vitest";

declare const receiver: Receiver;
declare const job: JobSucceeded;
declare const pool: Pool;
declare const text: string | undefined;
declare const ms: number | undefined;
declare const yes: boolean | undefined;
declare const signal: AbortSignal | undefined;

/** The same type with `undefined` as the value of each optional property. */
type WithUndefined<T> = { [K in keyof T]: undefined extends Pick<T, K>[K] ? undefined : T[K] };

// The compiler's setting here is `exactOptionalPropertyTypes`, as in many users' apps.
describe("an optional input that is undefined", () => {
  it("is an option of a receiver", () => {
    createReceiver({ auth: "none", store: yes ? postgresStore({ client: pool }) : undefined });
    createReceiver({
      auth: "none",
      onSucceeded: yes ? (saved) => expectTypeOf(saved).toEqualTypeOf<JobSucceeded>() : undefined,
      onFailed: yes ? (saved) => expectTypeOf(saved).toEqualTypeOf<JobFailed>() : undefined,
      limits: { concurrency: ms, leaseMs: ms },
      poll: { afterMs: ms },
      retry: yes ? { maxAttempts: ms } : undefined,
    });
    expectTypeOf<WithUndefined<ReceiverOptions>>().toExtend<ReceiverOptions>();
  });

  it("is an option of a method", async () => {
    let after: string | undefined;
    do {
      const page = await receiver.list({ after, state: undefined, prefix: text, limit: ms });
      after = page.next;
    } while (after);
    void receiver.submit("model", {}, { ref: text, signal });
    void receiver.result("job", { timeoutMs: ms, signal });
    void receiver.expect("job", { webhookUrl: text, ref: text });
    void receiver.webhookUrl({ ref: text, expiresInMs: ms });
    void receiver.drain({ timeoutMs: ms });
    void receiver.fetch(new Request("https://app.test"), { waitUntil: undefined });
  });

  it("is an option of an auth or a client", () => {
    const auth = signedUrl({ secrets: [], url: "", expiresInMs: ms, audience: text });
    void auth.mint({ ref: text, expiresInMs: ms });
    standardWebhooks({ secrets: [], toleranceMs: ms, clock: undefined });
    const client = createClient({ apiKey: "", baseUrl: text, timeoutMs: ms, fetch: undefined });
    void client.run("model", { input: {}, webhook_url: text }, { signal });
    refetch({ client: yes ? client : undefined });
    fetchOutputs(job, { hosts: "*", maxBytes: ms, signal });
  });

  it("is an option of a store", () => {
    memoryStore({ maxLive: ms, doneTtlMs: ms, clock: undefined });
    createBatcher({ send: async () => [], lengthOf: () => 1, keyOf: undefined, patienceMs: ms });
    expectTypeOf<WithUndefined<StoreOptions>>().toExtend<StoreOptions>();
    expectTypeOf<WithUndefined<D1StoreOptions>>().toExtend<D1StoreOptions>();
    expectTypeOf<WithUndefined<SqliteStoreOptions>>().toExtend<SqliteStoreOptions>();
    expectTypeOf<WithUndefined<PostgresStoreOptions>>().toExtend<PostgresStoreOptions>();
    expectTypeOf<WithUndefined<RedisStoreOptions>>().toExtend<RedisStoreOptions>();
  });

  it("is an option of the page, of traces or of a test", () => {
    inspector(receiver, { authorize: () => true, basePath: text, readOnly: yes });
    withOpenTelemetry({ auth: "none", store: undefined }, { tracer: undefined });
    createSimulator({ seed: ms, onDelivery: undefined }).configure({ dropRate: ms });
    void deliver(receiver, {}, { times: ms, url: text });
    expectTypeOf<WithUndefined<InspectorSource>>().toExtend<InspectorSource>();
    expectTypeOf<WithUndefined<OpenTelemetryOptions>>().toExtend<OpenTelemetryOptions>();
    expectTypeOf<WithUndefined<StoreHarness>>().toExtend<StoreHarness>();
    expectTypeOf<WithUndefined<AdapterTarget>>().toExtend<AdapterTarget>();
    expectTypeOf<WithUndefined<TestApi>>().toExtend<TestApi>();
    expectTypeOf<WithUndefined<StoreCapabilities>>().toExtend<StoreCapabilities>();
    expectTypeOf<WithUndefined<AdapterCapabilities>>().toExtend<AdapterCapabilities>();
  });

  it("is not what an output has", () => {
    type Page = Awaited<ReturnType<Receiver["list"]>>;
    expectTypeOf<{ records: []; next: undefined }>().not.toExtend<Page>();
  });
});
