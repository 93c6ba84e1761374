import { Webhooks as GithubWebhooks, createNodeMiddleware } from "@octokit/webhooks";
import { Webhooks as PolarWebhooks } from "@polar-sh/express";
import express from "express";
import { express4 } from "../adapters/express-4.ts";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { SECRET, STANDARD_SECRET } from "./delivery.ts";
import { PATH, type Mounted, type Save } from "./mounted.ts";

/** The middleware of `@octokit/webhooks`. It reads, verifies, parses and answers by itself. */
export function octokit(save: Save): Mounted {
  const webhooks = new GithubWebhooks({ secret: SECRET });
  webhooks.onAny(({ id }) => save(id));
  const app = express();
  app.use(createNodeMiddleware(webhooks, { path: PATH }));
  return { listener: app };
}

export const standardwebhooks = (save: Save): Mounted =>
  verifiedBy(new StandardWebhook(STANDARD_SECRET), save);

export const svix = (save: Save): Mounted => verifiedBy(new SvixWebhook(STANDARD_SECRET), save);

interface Verifier {
  verify(body: Buffer, headers: Record<string, string>): unknown;
}

/** As Svix's documentation says for Express: the raw body, `verify`, an answer. */
function verifiedBy(webhook: Verifier, save: Save): Mounted {
  const app = express();
  app.post(PATH, express.raw({ type: "application/json" }), (req, res) => {
    let job: { job_id: string };
    try {
      job = webhook.verify(req.body, req.headers as Record<string, string>) as typeof job;
    } catch {
      res.status(400).json({});
      return;
    }
    save(job.job_id);
    res.json({ received: true });
  });
  return { listener: app };
}

/** As the README of `@polar-sh/express` says, on the Express that it asks for. */
export function polar(save: Save): Mounted {
  const app = express4();
  const onPayload = async (event: { data: { id?: string } }): Promise<void> => {
    save(event.data.id ?? "");
  };
  app.use(express4.json()).post(PATH, PolarWebhooks({ webhookSecret: SECRET, onPayload }));
  return { listener: app };
}
