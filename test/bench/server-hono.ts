import { abstraktWebhook, memoryStore, standardWebhooks, type Auth } from "@abstrakt-webhooks/hono";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Webhooks } from "@polar-sh/hono";
import { Hono } from "hono";
import { SECRET, STANDARD_SECRET } from "./delivery.ts";
import { PATH, type Mounted, type Save } from "./mounted.ts";

/** The least a Hono handler can do with a JSON body. */
export function parsingOnly(save: Save): Mounted {
  const app = new Hono();
  app.post(PATH, async (c) => {
    const job = await c.req.json<{ job_id: string }>();
    save(job.job_id);
    return c.json({ received: true });
  });
  return { listener: getRequestListener(app.fetch) };
}

export const withMemory = (save: Save): Mounted => mount("none", save);

export const withSignature = (save: Save): Mounted =>
  mount(standardWebhooks({ secrets: [STANDARD_SECRET] }), save);

/** Other code listens to the request, so the adapter reads the body by Hono's own method. */
export function observed(save: Save): Mounted {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (c, next) => {
    c.env.incoming.on("end", () => undefined);
    await next();
  });
  return mount("none", save, app);
}

function mount<Env extends { Bindings?: object }>(
  auth: Auth | "none",
  save: Save,
  app: Hono<Env> = new Hono<Env>(),
): Mounted {
  const webhook = abstraktWebhook({
    auth,
    store: memoryStore(),
    onSucceeded: (job) => save(job.job_id),
  });
  app.post(PATH, webhook);
  return { listener: getRequestListener(app.fetch), idle: () => webhook.receiver.idle() };
}

/** As the README of `@polar-sh/hono` says. */
export function polar(save: Save): Mounted {
  const app = new Hono();
  const onPayload = async (event: { data: { id?: string } }): Promise<void> => {
    save(event.data.id ?? "");
  };
  app.post(PATH, Webhooks({ webhookSecret: SECRET, onPayload }));
  return { listener: getRequestListener(app.fetch) };
}
