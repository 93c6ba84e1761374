import { createClient, type ClientOptions } from "@abstrakt-webhooks/client";
import {
  type AbstraktWebhookError,
  type ApiErrorDetails,
  type JobClient,
  type ReceiverOptions,
  type SubmittedJob,
} from "@abstrakt-webhooks/core";
import { describe, expectTypeOf, it } from "vitest";

describe("createClient", () => {
  it("asks for a key and for nothing else", () => {
    expectTypeOf<{ apiKey: string }>().toExtend<ClientOptions>();
    expectTypeOf<{ baseUrl: string }>().not.toExtend<ClientOptions>();
    expectTypeOf<{ apiKey: string | undefined }>().not.toExtend<ClientOptions>();
  });

  it("takes the host's fetch", () => {
    expectTypeOf<typeof fetch>().toExtend<NonNullable<ClientOptions["fetch"]>>();
  });

  it("makes what a receiver takes", () => {
    expectTypeOf(createClient).returns.toEqualTypeOf<JobClient>();
    expectTypeOf<JobClient>().toExtend<NonNullable<ReceiverOptions["client"]>>();
  });

  it("types the documented answer, and leaves a job's to parsePayload", () => {
    expectTypeOf<ReturnType<JobClient["run"]>>().resolves.toEqualTypeOf<SubmittedJob>();
    expectTypeOf<SubmittedJob["job_id"]>().toEqualTypeOf<string>();
    expectTypeOf<SubmittedJob["request_id"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ReturnType<JobClient["getJob"]>>().resolves.toEqualTypeOf<unknown>();
  });

  it("fails with fields that are there or not", () => {
    expectTypeOf<AbstraktWebhookError>().toExtend<ApiErrorDetails>();
    expectTypeOf<AbstraktWebhookError["status"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<"api_refused">().toExtend<AbstraktWebhookError["code"]>();
  });
});
