import {
  createReceiver,
  isAudio,
  isImage,
  isVideo,
  parsePayload,
  refetch,
  sharedReceiver,
  signedUrl,
  type Auth,
  type JobError,
  type JobFailed,
  type JobOutput,
  type JobResult,
  type JobStore,
  type JobSucceeded,
  type ParsedPayload,
  type ReceiverEvent,
  type ReceiverOptions,
  type Receiver,
  type RefetchOptions,
  type SignedUrlOptions,
  type SubmittedJob,
  type TickReport,
} from "@abstrakt-webhooks/core";
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Sql } from "postgres";
import { describe, expectTypeOf, it } from "vitest";

describe("sharedReceiver", () => {
  it("infers the results, and takes callbacks separately from the options", () => {
    type Arguments = Parameters<typeof sharedReceiver>;
    expectTypeOf(sharedReceiver).returns.toEqualTypeOf<Receiver>();
    type Succeeded = NonNullable<Arguments[1]["onSucceeded"]>;
    type Failed = NonNullable<Arguments[1]["onFailed"]>;
    expectTypeOf<Parameters<Succeeded>[0]>().toEqualTypeOf<JobSucceeded>();
    expectTypeOf<Parameters<Failed>[0]>().toEqualTypeOf<JobFailed>();
    type Made = ReturnType<Arguments[2]>;
    expectTypeOf<{ auth: "none" }>().toExtend<Made>();
    expectTypeOf<keyof Made & keyof Arguments[1]>().toEqualTypeOf<never>();
    expectTypeOf<keyof Made | keyof Arguments[1]>().toEqualTypeOf<keyof ReceiverOptions>();
  });
});

describe("ReceiverOptions", () => {
  it("requires auth and nothing else", () => {
    expectTypeOf<{ auth: "none" }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: Auth }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: readonly Auth[] }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ store: JobStore }>().not.toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: "open" }>().not.toExtend<ReceiverOptions>();
  });

  it("types the arguments of callbacks", () => {
    expectTypeOf(createReceiver).parameter(0).toEqualTypeOf<ReceiverOptions>();
    type Succeeded = Parameters<NonNullable<ReceiverOptions["onSucceeded"]>>;
    type Failed = Parameters<NonNullable<ReceiverOptions["onFailed"]>>;
    expectTypeOf<Succeeded[0]["output"]>().toEqualTypeOf<JobOutput>();
    expectTypeOf<Failed[0]["error"]>().toEqualTypeOf<JobError>();
    expectTypeOf<Succeeded[1]>().toEqualTypeOf<Failed[1]>();
    expectTypeOf<Succeeded[1]["signal"]>().toEqualTypeOf<AbortSignal>();
    type SettleIn = (tx: unknown) => Promise<void>;
    expectTypeOf<Succeeded[1]["settleIn"]>().toEqualTypeOf<SettleIn>();
    expectTypeOf<Succeeded[1]["ref"]>().toEqualTypeOf<string | undefined>();
  });

  it("accepts callbacks that are synchronous, asynchronous or return another value", () => {
    expectTypeOf<{ auth: "none"; onSucceeded(): void }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: "none"; onSucceeded(): Promise<void> }>().toExtend<ReceiverOptions>();
    const seen = new Map<string, JobOutput>();
    createReceiver({
      auth: "none",
      onSucceeded: (job) => seen.set(job.job_id, job.output),
      onFailed: (job) => fetch("https://app.test/failed", { method: "POST", body: job.job_id }),
      onDead: async (record) => redis.lpush("dead", record.jobId),
      onEvent: (event) => seen.delete(event.type),
    });
    createReceiver({
      auth: "none",
      onSucceeded: (job, ctx) => pool.query("INSERT", [job.job_id, ctx.fence]),
      onFailed: (job) => sql`INSERT INTO failed VALUES (${job.job_id}, ${job.error.message})`,
      onDead: (record) => record.result && redis.set(record.jobId, record.result.status),
    });
    const callbacks = { onSucceeded: (job: JobSucceeded) => redis.set(job.job_id, "1") };
    sharedReceiver("results", callbacks, () => ({ auth: "none" }));
  });

  it("types the parameters of callbacks that are written as methods or are not wanted", () => {
    const wanted = Math.random() > 0.5;
    createReceiver({
      auth: "none",
      async onSucceeded(job) {
        expectTypeOf(job).toEqualTypeOf<JobSucceeded>();
        return job.output;
      },
      onFailed: wanted ? (job) => job.error : undefined,
    });
  });

  it("refuses what is no function, and a misspelt callback", () => {
    // @ts-expect-error -- a call instead of a function
    createReceiver({ auth: "none", onSucceeded: pool.query("SELECT 1") });
    // @ts-expect-error -- a result has no `id`
    createReceiver({ auth: "none", onSucceeded: (job) => job.output.id });
    // @ts-expect-error -- a misspelt callback
    createReceiver({ auth: "none", onSuceeded: () => undefined });
  });

  it("refuses unknown keys in its groups", () => {
    type Limits = NonNullable<ReceiverOptions["limits"]>;
    expectTypeOf<Limits["leaseMs"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<"leaseSeconds">().not.toExtend<keyof Limits>();
    type Poll = NonNullable<ReceiverOptions["poll"]>;
    expectTypeOf<keyof Poll>().toEqualTypeOf<"afterMs" | "everyMs" | "giveUpAfterMs">();
    expectTypeOf<ReceiverOptions["store"]>().toEqualTypeOf<JobStore | undefined>();
  });
});

describe("signedUrl", () => {
  it("is an auth that always mints, with or without options", () => {
    const auth = signedUrl({ secrets: [process.env["SECRET"]], url: "https://app.test/" });
    expectTypeOf(auth).toExtend<ReceiverOptions["auth"]>();
    expectTypeOf(auth.mint()).resolves.toEqualTypeOf<{ url: string; binding: string }>();
    expectTypeOf(auth.mint).toBeCallableWith({ ref: "order-42", expiresInMs: 1 });
    expectTypeOf<{ secrets: string; url: string }>().not.toExtend<SignedUrlOptions>();
  });
});

describe("refetch", () => {
  it("is an auth, with or without its own client", () => {
    expectTypeOf(refetch()).toExtend<Auth>();
    expectTypeOf(refetch).toBeCallableWith({ client: { getJob: async () => undefined } });
    expectTypeOf<{ client: object }>().not.toExtend<RefetchOptions>();
  });
});

describe("JobResult", () => {
  it("narrows by status", () => {
    const result = {} as JobResult;
    expectTypeOf(result.status).toEqualTypeOf<"succeeded" | "failed">();
    if (result.status === "succeeded") {
      expectTypeOf(result.output.items[0]?.url).toEqualTypeOf<string | undefined>();
    } else {
      expectTypeOf(result.error.code).toEqualTypeOf<string>();
    }
  });

  it("narrows an item by its type", () => {
    const item = {} as JobOutput["items"][number];
    if (isImage(item)) expectTypeOf(item.type).toEqualTypeOf<"image">();
    if (isVideo(item)) expectTypeOf(item.type).toEqualTypeOf<"video">();
    if (isAudio(item)) expectTypeOf(item.type).toEqualTypeOf<"audio">();
    if (isImage(item)) expectTypeOf(item.url).toEqualTypeOf<string | undefined>();
    const images = [item].filter(isImage);
    expectTypeOf(images[0]?.type).toEqualTypeOf<"image" | undefined>();
  });

  it("allows unknown output types", () => {
    expectTypeOf<JobOutput["type"]>().toEqualTypeOf<string>();
  });
});

describe("parsePayload", () => {
  it("accepts any value and returns one of four kinds", () => {
    expectTypeOf(parsePayload).parameter(0).toEqualTypeOf<unknown>();
    expectTypeOf(parsePayload).returns.toEqualTypeOf<ParsedPayload>();
    expectTypeOf<ParsedPayload["kind"]>().toEqualTypeOf<
      "result" | "pending" | "unrecognized" | "malformed"
    >();
  });

  it("narrows by kind", () => {
    const parsed = parsePayload({});
    if (parsed.kind === "result") expectTypeOf(parsed.result).toEqualTypeOf<JobResult>();
    if (parsed.kind === "pending") expectTypeOf(parsed.jobId).toEqualTypeOf<string>();
    if (parsed.kind === "malformed") expectTypeOf(parsed).not.toHaveProperty("jobId");
  });
});

describe("Receiver", () => {
  const receiver = createReceiver({ auth: "none" });

  it("submits, expects and waits for jobs", () => {
    expectTypeOf(receiver.submit).returns.resolves.toEqualTypeOf<SubmittedJob>();
    expectTypeOf(receiver.submit).parameter(1).toEqualTypeOf<unknown>();
    expectTypeOf(receiver.expect).returns.resolves.toEqualTypeOf<
      "expected" | "arrived" | "contested"
    >();
    expectTypeOf(receiver.webhookUrl).returns.resolves.toEqualTypeOf<string>();
    expectTypeOf(receiver.result).returns.resolves.toEqualTypeOf<JobResult>();
  });

  it("has types for what each wait returns", () => {
    type Options = NonNullable<Parameters<typeof receiver.result>[1]>;
    expectTypeOf<keyof Options>().toEqualTypeOf<"timeoutMs" | "signal">();
    expectTypeOf<TickReport["polled"]>().toEqualTypeOf<number>();
  });
});

describe("ReceiverEvent", () => {
  it("has an outcome for each type, and always a time", () => {
    expectTypeOf<ReceiverEvent["atMs"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<ReceiverEvent, { type: "done" }>["handlerMs"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<ReceiverEvent, { type: "refused" }>["status"]>().toEqualTypeOf<number>();
    type Poll = Extract<ReceiverEvent, { type: "poll" }>;
    expectTypeOf<Poll["reason"]>().toEqualTypeOf<
      "arrived" | "pending" | "unknown" | "unrecognized" | "failed"
    >();
    expectTypeOf<Extract<ReceiverEvent, { type: "refused" }>>().not.toHaveProperty("jobId");
  });

  it("can be switched exhaustively", () => {
    const name = (event: ReceiverEvent): string => {
      switch (event.type) {
        case "refused":
        case "expected":
        case "stored":
        case "duplicate":
        case "conflict":
        case "ignored":
        case "parked":
        case "poll":
        case "attempt":
        case "retry":
        case "done":
        case "dead":
        case "warning":
          return event.type;
        default:
          return expectNever(event);
      }
    };
    expectTypeOf(name).returns.toEqualTypeOf<string>();
  });
});

declare function expectNever(value: never): string;
declare const pool: Pool;
declare const sql: Sql;
declare const redis: Redis;
