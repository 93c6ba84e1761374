import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import * as core from "@abstrakt-webhooks/core";
import type { NodeRequest } from "@abstrakt-webhooks/core/adapter";
import * as forExpress from "@abstrakt-webhooks/express";
import * as forHono from "@abstrakt-webhooks/hono";
import * as forNext from "@abstrakt-webhooks/next";
import type {
  Request as ExpressRequest,
  RequestHandler,
  Response as ExpressResponse,
} from "express";
import { Hono, type Context, type Handler } from "hono";
import { describe, expectTypeOf, it } from "vitest";

describe("every adapter", () => {
  it("takes options or a receiver, and has the receiver as a property", () => {
    for (const { abstraktWebhook } of [forExpress, forHono, forNext]) {
      expectTypeOf(abstraktWebhook({ auth: "none" }).receiver).toEqualTypeOf<core.Receiver>();
      expectTypeOf(abstraktWebhook).toBeCallableWith(core.createReceiver({ auth: "none" }));
    }
  });

  it("exports core's public names", () => {
    expectTypeOf(forExpress.createReceiver).toEqualTypeOf(core.createReceiver);
    expectTypeOf(forHono.parsePayload).toEqualTypeOf(core.parsePayload);
    expectTypeOf<forNext.JobStore>().toEqualTypeOf<core.JobStore>();
  });
});

describe("express", () => {
  it("mounts in Express 5 and in node:http", () => {
    expectTypeOf<forExpress.NodeHandler>().toExtend<RequestHandler>();
    expectTypeOf<forExpress.NodeHandler>().toExtend<RequestListener>();
    expectTypeOf<ExpressRequest>().toExtend<NodeRequest>();
    expectTypeOf<ExpressResponse>().toExtend<forExpress.NodeResponse>();
    expectTypeOf<IncomingMessage>().toExtend<NodeRequest>();
    expectTypeOf<ServerResponse>().toExtend<forExpress.NodeResponse>();
  });

  it("returns a promise for hosts that wait until the answer is written", () => {
    expectTypeOf<ReturnType<forExpress.NodeHandler>>().toEqualTypeOf<Promise<void>>();
  });
});

it("a misspelt option is the only error, and callbacks keep their types", () => {
  forExpress.abstraktWebhook({
    auth: "none",
    // @ts-expect-error -- a misspelt option, and nothing else, is what is wrong here
    onSuccess: () => undefined,
    onSucceeded(job, ctx) {
      expectTypeOf(job).toEqualTypeOf<core.JobSucceeded>();
      expectTypeOf(ctx).toEqualTypeOf<core.HandlerContext>();
    },
    onFailed(job) {
      expectTypeOf(job).toEqualTypeOf<core.JobFailed>();
    },
  });
  forHono.abstraktWebhook({
    auth: "none",
    // @ts-expect-error -- a misspelt option, and nothing else, is what is wrong here
    onSuccess: () => undefined,
    onSucceeded(job, ctx) {
      expectTypeOf(job).toEqualTypeOf<core.JobSucceeded>();
      expectTypeOf(ctx).toEqualTypeOf<core.HandlerContext>();
    },
    onFailed(job) {
      expectTypeOf(job).toEqualTypeOf<core.JobFailed>();
    },
  });
  forNext.abstraktWebhook({
    auth: "none",
    // @ts-expect-error -- a misspelt option, and nothing else, is what is wrong here
    onSuccess: () => undefined,
    onSucceeded(job, ctx) {
      expectTypeOf(job).toEqualTypeOf<core.JobSucceeded>();
      expectTypeOf(ctx).toEqualTypeOf<core.HandlerContext>();
    },
    onFailed(job) {
      expectTypeOf(job).toEqualTypeOf<core.JobFailed>();
    },
  });
});

describe("hono", () => {
  type Bindings = { DATABASE_URL: string };
  type Own = { Bindings: Bindings; Variables: { user: string } };

  it("mounts beside the user's own bindings and variables", () => {
    const app = new Hono<Own>();
    expectTypeOf(app.post).toBeCallableWith("/hook", forHono.abstraktWebhook({ auth: "none" }));
    expectTypeOf<forHono.HonoHandler>().toExtend<Handler>();
  });

  it("passes typed bindings to the function that makes the receiver", () => {
    const handler = forHono.abstraktWebhook((c: Context<Own>) => {
      expectTypeOf(c.env).toEqualTypeOf<Bindings>();
      return core.createReceiver({ auth: "none" });
    });
    expectTypeOf(handler).toExtend<Handler<Own>>();
    expectTypeOf(handler).not.toHaveProperty("receiver");
  });
});

describe("next", () => {
  /** This is what `next build` writes into `.next/types` for every `route.ts`. */
  type RouteHandlerConfig = {
    POST?: (
      request: Request & { nextUrl: URL },
      context: { params: Promise<{ id: string }> },
    ) => Promise<Response | void> | Response | void;
  };

  it("is a route handler", () => {
    expectTypeOf<{ POST: forNext.RouteHandler }>().toExtend<RouteHandlerConfig>();
  });

  it("can be called with a plain request in a test", () => {
    expectTypeOf<forNext.RouteHandler>().toBeCallableWith(new Request("https://example.com"));
  });
});
