import { unsupported } from "../errors.ts";
import type { JobResult } from "../job-result.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import { whenReady } from "../when-ready.ts";
import type { Admission, Auth, Confirmation, RequestHead } from "./auth.ts";

/** The auths of a receiver as one. */
export interface CombinedAuth extends Auth {
  readonly admit: NonNullable<Auth["admit"]>;
}

/** All of them must agree; one of an empty list lets everybody in. */
export function combineAuths(auths: readonly Auth[]): CombinedAuth {
  const confirming = auths.filter((auth) => auth.confirm);
  const minting = auths.find((auth) => auth.mint);
  return {
    admit: (head) => admitAll(auths, head, {}),
    ...(confirming.length > 0 && {
      confirm: (result, o) => confirmAll(confirming, result, o),
    }),
    ...(minting?.mint && { mint: minting.mint.bind(minting) }),
    needsClient: auths.some(({ needsClient }) => needsClient),
    tokenLifeMs: Math.max(0, ...auths.map(({ tokenLifeMs = 0 }) => tokenLifeMs)),
  };
}

/** Makes a URL whose deliveries `auth` lets in. @throws AbstraktWebhookError `unsupported`. */
export async function mintUrl(
  auth: Auth,
  o: { ref?: string; expiresInMs?: number } = {},
): Promise<{ url: string; binding: string }> {
  if (auth.mint !== undefined) return auth.mint(o);
  throw unsupported(
    "`webhookUrl` needs an `auth` that mints, such as signedUrl; this receiver has none.",
  );
}

/** Asks every auth in turn; the first refusal ends it. A promise only where one of them makes one. */
function admitAll(
  auths: readonly Auth[],
  head: RequestHead,
  soFar: Exclude<Admission, false>,
): Admission | Promise<Admission> {
  const [auth, ...others] = auths;
  if (auth === undefined) return soFar;
  if (auth.admit === undefined) return admitAll(others, head, soFar);
  return whenReady<unknown, Admission>(auth.admit(head), (one) => {
    // Fails closed: an admit that forgot its answer lets nobody in.
    if (typeof one !== "object" || one === null) return false;
    const bound = "binding" in one && typeof one.binding === "string";
    return admitAll(others, head, bound ? { binding: one.binding as string } : soFar);
  });
}

/** Asks every auth that confirms, each about the word of the one before. */
async function confirmAll(
  auths: readonly Auth[],
  delivered: JobResult,
  o: Parameters<NonNullable<Auth["confirm"]>>[1],
): Promise<Confirmation> {
  let result = delivered;
  for (const auth of auths) {
    const confirmation = await auth.confirm?.(result, o);
    if (confirmation?.kind === "unknown" || confirmation?.kind === "running") return confirmation;
    result = requireResult(confirmation, delivered.job_id);
  }
  return { kind: "confirmed", result };
}

/** Fails closed, and trusts an auth's result no further than a delivered one. */
function requireResult(confirmation: unknown, jobId: string): JobResult {
  const { kind, result } = (confirmation ?? {}) as { kind?: unknown; result?: unknown };
  const parsed = parsePayload(result);
  if (kind === "confirmed" && parsed.kind === "result" && parsed.result.job_id === jobId) {
    return parsed.result;
  }
  throw new TypeError("Expected `confirm` to answer with a result of the job it was asked about.");
}
