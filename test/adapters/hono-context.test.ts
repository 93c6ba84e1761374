import { abstraktWebhook, createReceiver, memoryStore } from "@abstrakt-webhooks/hono";
import { createSubject, deliver, equal, ok, succeededPayload } from "@abstrakt-webhooks/testing";
import { Hono, type MiddlewareHandler } from "hono";
import { validator } from "hono/validator";
import { describe, it } from "vitest";

const PATH = "/api/abstrakt-webhook";

const boot = (...before: MiddlewareHandler[]) => {
  const { receiver, controls } = createSubject({});
  const app = new Hono();
  for (const middleware of before) app.use(middleware);
  return { app: app.post(PATH, abstraktWebhook(receiver)), controls };
};

/** Waits for all work that was passed to `waitUntil`. */
function createContext() {
  const work: Promise<unknown>[] = [];
  return {
    work,
    props: {},
    // A Worker's method throws "Illegal invocation" too when it is called without its object.
    waitUntil(this: unknown, promise: Promise<unknown>) {
      ok(this !== undefined && "work" in (this as object), "to be called as a method");
      work.push(promise);
    },
    passThroughOnException: () => undefined,
  };
}

describe("Hono", () => {
  const readers: readonly (readonly [string, MiddlewareHandler])[] = [
    ["a JSON validator", validator("json", (value: object) => value)],
    ["c.req.json()", async (c, next) => (await c.req.json(), next())],
    ["c.req.text()", async (c, next) => (await c.req.text(), next())],
    ["c.req.arrayBuffer()", async (c, next) => (await c.req.arrayBuffer(), next())],
    ["c.req.blob()", async (c, next) => (await c.req.blob(), next())],
  ];
  it.each(readers)("the handler works after %s", async (_name, reader) => {
    const { app, controls } = boot(reader);
    const payload = succeededPayload();
    const [answer] = await deliver(app, payload);
    equal([answer?.status, answer?.body], [200, { received: true }], "answer");
    const [row] = (await controls.report()).records;
    equal(JSON.parse(row?.payload ?? ""), payload, "payload of the row");
  });

  it("the answer says that c.req.raw.json() has left nothing", async () => {
    const { app, controls } = boot(async (c, next) => (await c.req.raw.json(), next()));
    const [answer] = await deliver(app, succeededPayload());
    equal(answer?.status, 400, "status");
    equal((answer?.body as { error: { code: string } }).error.code, "body_consumed", "code");
    equal((await controls.report()).records, [], "rows");
  });

  it("the handler works where there is no executionCtx", async () => {
    const [answer] = await deliver(boot().app, succeededPayload());
    equal(answer?.status, 200, "status");
  });

  it("the handler passes its work to executionCtx.waitUntil, called as a method", async () => {
    const { app, controls } = boot();
    const context = createContext();
    const fetch = (request: Request) => app.fetch(request, {}, context);
    const [answer] = await deliver({ fetch }, succeededPayload());
    equal([answer?.status, context.work.length], [200, 1], "status, and work handed over");
    await Promise.all(context.work);
    equal((await controls.report()).calls[0]?.ended, true, "ended");
  });

  it("the handler uses an explicit background instead of executionCtx", async () => {
    const works: Promise<void>[] = [];
    const context = createContext();
    const app = new Hono().post(
      PATH,
      abstraktWebhook({
        auth: "none",
        store: memoryStore(),
        background: (work) => void works.push(work),
      }),
    );
    await deliver({ fetch: (request) => app.fetch(request, {}, context) }, succeededPayload());
    equal([works.length, context.work.length], [1, 0], "work for the background and for waitUntil");
    await Promise.all(works);
  });

  it("there is one receiver for each env object", async () => {
    type Bound = { Bindings: { name: string } };
    const made: string[] = [];
    const app = new Hono<Bound>().post(
      PATH,
      abstraktWebhook((c) => {
        made.push(c.env.name);
        return createReceiver({ auth: "none", store: memoryStore() });
      }),
    );
    const [one, two] = [{ name: "one" }, { name: "two" }];
    for (const env of [one, one, two]) {
      await deliver({ fetch: (request) => app.fetch(request, env) }, succeededPayload());
    }
    equal(made, ["one", "two"], "receivers made");
  });
});
