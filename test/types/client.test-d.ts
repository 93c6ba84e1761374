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
  it("requires a key and nothing else", () => {
    expectTypeOf<{ apiKey: string }>().toExtend<ClientOptions>();
    expectTypeOf<{ baseUrl: string }>().not.toExtend<ClientOptions>();
    expectTypeOf<{ apiKey: string | undefined }>().not.toExtend<ClientOptions>();
  });

  it("accepts the host's fetch", () => {
    expectTypeOf<typeof fetch>().toExtend<NonNullable<ClientOptions["fetch"]>>();
  });

  it("returns a client that a receiver accepts", () => {
    expectTypeOf(createClient).returns.toEqualTypeOf<JobClient>();
    expectTypeOf<JobClient>().toExtend<NonNullable<ReceiverOptions["client"]>>();
  });

  it("has the type of the documented answer, and leaves a job's to parsePayload", () => {
    expectTypeOf<ReturnType<JobClient["run"]>>().resolves.toEqualTypeOf<SubmittedJob>();
    expectTypeOf<SubmittedJob["job_id"]>().toEqualTypeOf<string>();
    expectTypeOf<SubmittedJob["request_id"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ReturnType<JobClient["getJob"]>>().resolves.toEqualTypeOf<unknown>();
  });

  it("fails with errors whose fields are optional", () => {
    expectTypeOf<AbstraktWebhookError>().toExtend<ApiErrorDetails>();
    expectTypeOf<AbstraktWebhookError["status"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<"api_refused">().toExtend<AbstraktWebhookError["code"]>();
  });
});
