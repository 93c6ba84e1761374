import { createServer } from "node:http";
import { abstraktWebhook, isAbstraktWebhookError, parsePayload } from "@abstrakt-webhooks/express";

createServer(abstraktWebhook({ auth: "none" }));

const parsed = parsePayload({ job_id: "job", status: "failed" });
if (parsed.kind === "result" && parsed.result.status === "failed") {
  parsed.result.error.message satisfies string;
}
try {
  createServer(abstraktWebhook({ auth: "none", limits: { concurrency: 0 } }));
} catch (error) {
  if (isAbstraktWebhookError(error)) error.code satisfies string;
}
