import { abstraktWebhook, isAbstraktWebhookError, type Receiver } from "@abstrakt-webhooks/express";
import express, { type ErrorRequestHandler, type Express } from "express";
import { errorPage, formPage, resultPage, waitingPage } from "./pages.ts";

/** Shorter than the timeout of proxies. After this time, the page asks again. */
const WAIT_MS = 10_000;

/** The application. Add your own check of who may submit jobs and see results. */
export function createApp(receiver: Receiver): Express {
  const app = express();
  app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));

  app.get("/", (_, res) => void res.send(formPage()));

  app.post("/jobs", express.urlencoded(), async (req, res) => {
    const { model, prompt, image_url } = req.body as Record<string, string | undefined>;
    const input = { prompt, ...(image_url && { image_url }) };
    // Cuts between characters, so that no emoji is cut in half.
    const [ref] = /^.{1,60}/su.exec(prompt ?? "") ?? [];
    const job = await receiver.submit(model ?? "", input, ref === undefined ? {} : { ref });
    res.redirect(303, `/jobs/${encodeURIComponent(job.job_id)}`);
  });

  app.get("/jobs/:id", async (req, res) => {
    const gone = new AbortController();
    res.once("close", () => gone.abort());
    try {
      const limits = { timeoutMs: WAIT_MS, signal: gone.signal };
      res.send(resultPage(await receiver.result(req.params.id, limits)));
    } catch (error) {
      if (gone.signal.aborted) return;
      if (!isAbstraktWebhookError(error) || error.code !== "result_timeout") throw error;
      res.status(202).send(waitingPage());
    }
  });

  const answerError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
    // The client's errors say what came, and never contain the key.
    const words = isAbstraktWebhookError(error) ? error.message : "Something went wrong.";
    res.status(502).send(errorPage(words));
  };
  return app.use(answerError);
}
