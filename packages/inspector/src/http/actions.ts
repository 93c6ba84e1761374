import { isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import { webCrypto } from "@abstrakt-webhooks/core/adapter";
import { reveal } from "../model/hide.ts";
import { formatJson } from "../model/json-text.ts";
import { frontLink, jobLink, type PageContext } from "../views/page-context.ts";
import { redirect, text } from "./answers.ts";
import type { Route } from "./routes.ts";

/** The notes on what an action has done. The key is the value of `note` in the URL. */
export const NOTES: Readonly<Record<string, string>> = {
  redriven: "Redriven. The callback runs again.",
  "not-dead": "It is no dead letter any more, so nothing was redriven.",
  replayed: "Replayed. The timeline shows what became of it.",
  "replayed-new": "This job is a replay with a new id.",
};

/** Performs the action of a form, and redirects the browser to the page that shows its effect. */
export async function act(
  page: PageContext,
  route: Route,
  form: URLSearchParams,
): Promise<Response> {
  const { source } = page;
  switch (route.kind) {
    case "redrive": {
      const redriven = await source.redrive?.(route.jobId);
      const note = redriven === true ? "redriven" : "not-dead";
      return redirect(303, jobLink(page, route.jobId, `?note=${note}`));
    }
    case "replay":
      return replay(page, route.jobId, form);
    case "submit":
      await source.submit?.();
      return redirect(303, frontLink(page));
    case "knobs": {
      const [name, value] = [form.get("name") ?? "", form.get("value") ?? ""];
      const knob = source.knobs?.().find((one) => one.name === name);
      if (knob?.choices.some((choice) => choice.value === value)) source.turn?.(name, value);
      return redirect(303, frontLink(page));
    }
    default:
      return text(404, "There is no such action.");
  }
}

async function replay(page: PageContext, jobId: string, form: URLSearchParams): Promise<Response> {
  if (!page.canReplay || page.source.replay === undefined) {
    return text(403, "Expected the option `replay: true`. This page may not replay.");
  }
  const record = await page.source.find(jobId);
  if (record?.payload === undefined) return text(404, "There is no payload to replay.");
  const { secrets } = formatJson(record.payload);
  const edited = reveal(form.get("payload") ?? record.payload, secrets);
  const payload = parse(edited);
  if (payload === undefined)
    return text(400, "Expected the payload to be a JSON object. Go back and correct it.");
  const isNew = form.get("id") === "new";
  try {
    const sent = isNew ? { ...payload, job_id: newId(jobId) } : { ...payload, job_id: jobId };
    const sentFor = await page.source.replay(sent, jobId);
    return redirect(303, jobLink(page, sentFor, `?note=${isNew ? "replayed-new" : "replayed"}`));
  } catch (thrown) {
    if (!isAbstraktWebhookError(thrown)) throw thrown;
    return text(thrown.code === "malformed" ? 400 : 503, thrown.message);
  }
}

/** `job_1` becomes `job_1_replay_0a1b2c3d`. A long id is cut, so that the new id stays valid. */
function newId(jobId: string): string {
  const suffix = webCrypto().randomUUID().slice(0, 8);
  return `${jobId.replace(/_replay_[\da-f]{8}$/, "").slice(0, 200)}_replay_${suffix}`;
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(json) as unknown;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
