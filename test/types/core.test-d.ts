import {
  createReceiver,
  parsePayload,
  type Auth,
  type JobError,
  type JobOutput,
  type JobResult,
  type JobStore,
  type ParsedPayload,
  type ReceiverEvent,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { describe, expectTypeOf, it } from "vitest";

describe("ReceiverOptions", () => {
  it("asks for auth and for nothing else", () => {
    expectTypeOf<{ auth: "none" }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: Auth }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: readonly Auth[] }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ store: JobStore }>().not.toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: "open" }>().not.toExtend<ReceiverOptions>();
  });

  it("types what callbacks are given", () => {
    expectTypeOf(createReceiver).parameter(0).toEqualTypeOf<ReceiverOptions>();
    type Succeeded = Parameters<NonNullable<ReceiverOptions["onSucceeded"]>>;
    type Failed = Parameters<NonNullable<ReceiverOptions["onFailed"]>>;
    expectTypeOf<Succeeded[0]["output"]>().toEqualTypeOf<JobOutput>();
    expectTypeOf<Failed[0]["error"]>().toEqualTypeOf<JobError>();
    expectTypeOf<Succeeded[1]>().toEqualTypeOf<Failed[1]>();
    expectTypeOf<Succeeded[1]["signal"]>().toEqualTypeOf<AbortSignal>();
  });

  it("takes callbacks that are synchronous, asynchronous or return nothing of use", () => {
    expectTypeOf<{ auth: "none"; onSucceeded(): void }>().toExtend<ReceiverOptions>();
    expectTypeOf<{ auth: "none"; onSucceeded(): Promise<void> }>().toExtend<ReceiverOptions>();
  });

  it("keeps its groups closed", () => {
    type Limits = NonNullable<ReceiverOptions["limits"]>;
    expectTypeOf<Limits["leaseMs"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<"leaseSeconds">().not.toExtend<keyof Limits>();
    expectTypeOf<ReceiverOptions["store"]>().toEqualTypeOf<JobStore | undefined>();
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

  it("leaves output types open", () => {
    expectTypeOf<JobOutput["type"]>().toEqualTypeOf<string>();
  });
});

describe("parsePayload", () => {
  it("takes anything and gives one of four kinds", () => {
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

describe("ReceiverEvent", () => {
  it("has an outcome for each type, and always a time", () => {
    expectTypeOf<ReceiverEvent["atMs"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<ReceiverEvent, { type: "done" }>["handlerMs"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<ReceiverEvent, { type: "refused" }>["status"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<ReceiverEvent, { type: "refused" }>>().not.toHaveProperty("jobId");
  });

  it("is switched to the last case", () => {
    const name = (event: ReceiverEvent): string => {
      switch (event.type) {
        case "refused":
        case "stored":
        case "duplicate":
        case "conflict":
        case "ignored":
        case "parked":
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
