import type { Deadline } from "../deadline.ts";
import { AbstraktWebhookError, unsupported } from "../errors.ts";
import type { JobResult } from "../job-result.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import type { Body } from "../payload/read-payload.ts";
import { isThenable, whenReady } from "../when-ready.ts";
import type { Auth, Confirmation, RequestHead } from "./auth.ts";
import { readAdmission, readVerification, type Admitted, type Verified } from "./verdict.ts";

/** All auths of a receiver as one. */
export interface CombinedAuth extends Omit<Auth, "admit" | "verify"> {
  admit(head: RequestHead): Admitted | Promise<Admitted>;
  /** Refuses a body that is already parsed, if one of the auths verifies. */
  verify(body: Body, head: RequestHead): Verified | Promise<Verified>;
}

/**
 * All of them must agree. An empty list accepts everybody. Each call of `admit` and `verify` has
 * time until `deadline`. Then it rejects with `auth_timeout`.
 */
export function combineAuths(auths: readonly Auth[], deadline: Deadline = NEVER): CombinedAuth {
  const verifying = auths.filter((auth) => auth.verify);
  const confirming = auths.filter((auth) => auth.confirm);
  const minting = auths.find((auth) => auth.mint);
  return {
    admit: (head) => admitAll(auths, head, deadline, {}),
    verify(body, head) {
      if (verifying.length === 0) return true;
      return "bytes" in body
        ? verifyAll(verifying, body.bytes, head, deadline)
        : { refused: "raw_body_needed" };
    },
    ...(confirming.length > 0 && {
      confirm: (result, o) => confirmAll(confirming, result, o),
    }),
    ...(minting?.mint && { mint: minting.mint.bind(minting) }),
    needsClient: auths.some(({ needsClient }) => needsClient),
    tokenLifeMs: Math.max(0, ...auths.map(({ tokenLifeMs = 0 }) => tokenLifeMs)),
    advice: {
      raw_body_needed: RAW_BODY_NEEDED,
      ...Object.fromEntries(auths.flatMap(({ advice = {} }) => Object.entries(advice))),
    },
  };
}

const RAW_BODY_NEEDED =
  "A body parser has left only the parsed value, and a signature needs the bytes: mount the receiver before the parser, or have the parser keep the bytes as `request.rawBody`.";

const NEVER: Deadline = () => () => undefined;

/** Makes a URL. `auth` accepts deliveries to it. @throws AbstraktWebhookError `unsupported`. */
export async function mintUrl(
  auth: Pick<Auth, "mint">,
  o: { ref?: string | undefined; expiresInMs?: number | undefined } = {},
): Promise<{ url: string; binding: string }> {
  if (auth.mint !== undefined) return auth.mint(o);
  throw unsupported(
    "`webhookUrl` needs an `auth` that mints, such as signedUrl; this receiver has none.",
  );
}

/** Asks each auth in turn until one refuses. It returns a promise only if an auth does. */
function admitAll(
  auths: readonly Auth[],
  head: RequestHead,
  deadline: Deadline,
  soFar: { readonly binding?: string },
): Admitted | Promise<Admitted> {
  const [auth, ...others] = auths;
  if (auth === undefined) return soFar;
  if (auth.admit === undefined) return admitAll(others, head, deadline, soFar);
  return whenReady<unknown, Admitted>(inTime("admit", auth.admit(head), deadline), (answer) => {
    const admitted = readAdmission(answer);
    if ("refused" in admitted) return admitted;
    return admitAll(others, head, deadline, admitted.binding === undefined ? soFar : admitted);
  });
}

/** The same for a body. */
function verifyAll(
  auths: readonly Auth[],
  body: Uint8Array,
  head: RequestHead,
  deadline: Deadline,
): Verified | Promise<Verified> {
  const [auth, ...others] = auths;
  if (auth === undefined) return true;
  const answer = inTime("verify", auth.verify?.(body, head), deadline);
  return whenReady<unknown, Verified>(answer, (one) => {
    const verified = readVerification(one);
    return verified === true ? verifyAll(others, body, head, deadline) : verified;
  });
}

/** The same answer, or a rejection at `deadline`. It returns a promise only for a promise. */
function inTime(step: "admit" | "verify", answer: unknown, deadline: Deadline): unknown {
  if (!isThenable(answer)) return answer;
  return new Promise((resolve, reject) => {
    const cancel = deadline(() => reject(tooSlow(step)));
    const keep = (value: unknown): void => {
      cancel();
      resolve(value);
    };
    Promise.resolve(answer).then(keep, (thrown: unknown) => {
      cancel();
      reject(thrown);
    });
  });
}

const tooSlow = (step: string): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "auth_timeout",
    `Expected \`${step}\` of \`auth\` to answer within \`limits.bodyTimeoutMs\`, got no answer. Look at what it waits for.`,
  );

/** Asks each auth that confirms. Each gets the result that the one before confirmed. */
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

/** Checks the result of an auth as strictly as a delivered one. An unknown answer is an error. */
function requireResult(confirmation: unknown, jobId: string): JobResult {
  const { kind, result } = (confirmation ?? {}) as { kind?: unknown; result?: unknown };
  const parsed = parsePayload(result);
  if (kind === "confirmed" && parsed.kind === "result" && parsed.result.job_id === jobId) {
    return parsed.result;
  }
  throw new TypeError("Expected `confirm` to answer with a result of the job it was asked about.");
}
