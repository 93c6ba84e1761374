import { Hono, type Context } from "hono";
import type { SimulatedJob } from "./job.ts";
import { mediaFiles } from "./media/media-file.ts";
import { findModel, type SimulatedModel } from "./models.ts";
import { parseSubmission, type Submission } from "./submission.ts";

/** The functions and the key that the routes use. */
export interface Backend {
  readonly apiKey: string;
  /** Starts a job. `origin` is the simulator's origin in the caller's URL. */
  submit(modelId: string, model: SimulatedModel, origin: string, s: Submission): SimulatedJob;
  find(jobId: string): SimulatedJob | undefined;
}

/** The provider's two endpoints and the files that its results point to. */
export function createRoutes(backend: Backend): Hono {
  const app = new Hono();

  app.use("/v1/*", async (c, next) => {
    if (c.req.header("authorization") === `Bearer ${backend.apiKey}`) return next();
    return refuse(c, 401, "UNAUTHORIZED", "Expected `Authorization: Bearer` with a valid API key.");
  });

  app.post("/v1/models/:model/run", async (c) => {
    const modelId = c.req.param("model");
    const model = findModel(modelId);
    if (model === undefined) return refuse(c, 404, "MODEL_NOT_FOUND", "There is no such model.");
    const submission = parseSubmission(await c.req.json().catch(() => undefined));
    if (typeof submission === "string") return refuse(c, 400, "INVALID_REQUEST", submission);
    const { origin } = new URL(c.req.url);
    const { jobId } = backend.submit(modelId, model, origin, submission);
    return c.json(
      {
        job_id: jobId,
        request_id: jobId.replace("job_", "req_"),
        status: "processing",
        model_id: modelId,
        message: `Model is still generating. Poll GET /v1/jobs/${jobId} for the completed result.`,
      },
      202,
    );
  });

  app.get("/v1/jobs/:id", (c) => {
    const job = backend.find(c.req.param("id"));
    if (job === undefined) return refuse(c, 404, "JOB_NOT_FOUND", "There is no such job.");
    const { jobId, modelId, result } = job;
    return c.json(result ?? { job_id: jobId, status: "processing", model_id: modelId });
  });

  app.get("/outputs/:file", (c) => serveOutput(c, backend, c.req.param("file")));
  app.notFound((c) => refuse(c, 404, "NOT_FOUND", "There is no such endpoint."));
  return app;
}

function serveOutput(c: Context, backend: Backend, file: string): Response {
  const [jobId = "", extension] = file.split(".");
  const job = backend.find(jobId);
  const model = findModel(job?.modelId ?? "");
  if (job?.result?.status === "succeeded" && model !== undefined) {
    const media = mediaFiles[model.media];
    if (media.extension === extension) {
      const bytes = media.create(job.plan.variant);
      return c.body(bytes, 200, {
        "content-type": media.contentType,
        "content-length": String(bytes.length),
      });
    }
  }
  return refuse(c, 404, "OUTPUT_NOT_FOUND", "There is no such output.");
}

function refuse(c: Context, status: 400 | 401 | 404, code: string, message: string): Response {
  return c.json({ error: { code, message } }, status);
}
