import {
  createReceiver,
  type sharedReceiver,
  type JobFailed,
  type JobSucceeded,
} from "@abstrakt-webhooks/core";
import { withOpenTelemetry } from "@abstrakt-webhooks/otel";
import { describe, expectTypeOf, it } from "vitest";

describe("withOpenTelemetry", () => {
  it("keeps the inferred types of callbacks' parameters", () => {
    createReceiver(
      withOpenTelemetry({
        auth: "none",
        onSucceeded: (job, ctx) => {
          expectTypeOf(job).toEqualTypeOf<JobSucceeded>();
          expectTypeOf(ctx.attempt).toEqualTypeOf<number>();
        },
        onFailed: (job) => {
          expectTypeOf(job).toEqualTypeOf<JobFailed>();
        },
      }),
    );
  });

  it("wraps the options of a shared receiver", () => {
    const make = () => withOpenTelemetry({ auth: "none" });
    expectTypeOf(make).toExtend<Parameters<typeof sharedReceiver>[2]>();
  });

  it("refuses a misspelt option, and options without auth", () => {
    // @ts-expect-error -- `auth` is required
    withOpenTelemetry({ onSucceeded: () => undefined });
    // @ts-expect-error -- a misspelt callback
    withOpenTelemetry({ auth: "none", onSuceeded: () => undefined });
    // @ts-expect-error -- a misspelt option of its own
    withOpenTelemetry({ auth: "none" }, { tracers: undefined });
  });
});
