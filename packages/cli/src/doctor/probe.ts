import { setTimeout as sleep } from "node:timers/promises";
import {
  failedPayload,
  pendingPayload,
  succeededPayload,
  uniqueJobId,
} from "@abstrakt-webhooks/testing";
import { send, type Exchange, type Outgoing } from "../delivery/send.ts";
import { sign, withoutToken } from "../delivery/sign.ts";
import { notWell } from "../errors.ts";
import { abortBody } from "./abort-body.ts";
import { CANARY, type Observations } from "./observations.ts";

/** Tells people what `doctor` sends before it sends it. */
export const ANNOUNCEMENT =
  "doctor sends about 20 requests: results of jobs whose ids begin with doctor_, broken bodies, and one body of 8 MB. Your callbacks run for these jobs.";

const OVERSIZED_BYTES = 8_000_000;
const BURST = 4;
const DRAINED_TIMEOUT_MS = 3_000;
const ABORT_PAUSE_MS = 250;
const GET: Outgoing = { method: "GET", headers: {} };

/**
 * Sends everything that the checks judge. The body that ends early comes last, because a bad endpoint
 * does not survive it.
 *
 * @throws AbstraktWebhookError when the endpoint is not reachable or takes no result at all.
 */
export async function probe(url: string, secret: string | undefined): Promise<Observations> {
  await requireReachable(url);
  const jobId = newId();
  const result = toResult(jobId);
  const signed = await sign(url, { secret });
  const direct = await send(signed, { body: result });
  const redirectedTo = toRedirect(direct, signed);
  const target = redirectedTo ?? signed;
  const post = (body: string, more: Outgoing = {}): Promise<Exchange> =>
    send(target, { body, ...more });

  const first = redirectedTo === undefined ? direct : await post(result);
  requireAccepted(first, secret);
  const pending = await post(JSON.stringify(pendingPayload({ job_id: newId() })));
  const repeat = await post(result);
  const contradiction = await post(JSON.stringify(failedPayload({ job_id: jobId })));
  const another = toResult(newId());
  const burst = await Promise.all(Array.from({ length: BURST }, () => post(another)));
  const garbage = [await post(`{"job_id":"${CANARY}`), await post('{"status":"succeeded"}')];
  const oversized = await post(toResult(newId(), { padding: "x".repeat(OVERSIZED_BYTES - 1_000) }));
  const drained = await Promise.all([
    post("", hurried()),
    ...TYPES.map((type) => post(result, hurried(type))),
  ]);
  const wrongMethod = await send(target, GET);
  const unsigned = secret === undefined ? [] : await sendUnsigned(withoutToken(target));
  await abortBody(target);
  await sleep(ABORT_PAUSE_MS);
  const afterAbort = await send(target, GET);

  const seen = { pending, first, repeat, burst, contradiction, garbage, oversized, drained };
  const all = { ...seen, wrongMethod, unsigned, afterAbort };
  return redirectedTo === undefined ? all : { ...all, redirectedTo: withoutToken(redirectedTo) };
}

/** Content types for which an app may have mounted a parser. */
const TYPES = ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"];

const hurried = (type = "application/json"): Outgoing => ({
  headers: { "content-type": type },
  timeoutMs: DRAINED_TIMEOUT_MS,
});

const newId = (): string => uniqueJobId().replace(/^job/, "doctor");

const toResult = (jobId: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify(succeededPayload({ job_id: jobId, ...more }));

async function requireReachable(url: string): Promise<void> {
  const answer = await send(url, GET);
  if (answer.kind === "failed" && answer.reason === "unreachable") {
    throw notWell(`Expected an app at ${new URL(url).origin}, got ${answer.code}. Start it.`);
  }
}

/** The URL that a redirect on the same host points to, with our token. */
function toRedirect(answer: Exchange, url: string): string | undefined {
  if (answer.kind === "failed" || answer.status < 300 || answer.status > 399) return undefined;
  const target = new URL(answer.location ?? "", url);
  if (target.hostname !== new URL(url).hostname) return undefined;
  target.search = new URL(url).search;
  return target.href;
}

/** A new result without a token, and with a false one. */
async function sendUnsigned(url: string): Promise<Exchange[]> {
  const forged = await sign(url, { secret: "a secret that nobody has configured anywhere" });
  return [
    await send(url, { body: toResult(newId()) }),
    await send(forged, { body: toResult(newId()) }),
  ];
}

function requireAccepted(first: Exchange, secret: string | undefined): void {
  if (first.kind === "answered" && first.status >= 200 && first.status < 300) return;
  const got = first.kind === "answered" ? String(first.status) : `no answer (${first.code})`;
  const refused = first.kind === "answered" && [401, 403].includes(first.status);
  const cure =
    refused && secret === undefined ? "Pass --secret." : "Check the URL and the app's log.";
  throw notWell(
    `Expected a new result to be answered 2xx, got ${got}. ${cure} Nothing else was checked.`,
  );
}
