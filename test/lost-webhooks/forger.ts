import { deliver, failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";

/** The forger's knowledge. Without the job's own URL no result may be accepted. */
export type Forgery = "no token" | "a changed token" | "another job's token";

/** The host of a forged payload's output; it must never reach a callback. */
export const FORGED = "https://forged.test/";

export const FORGERIES: readonly Forgery[] = ["no token", "a changed token", "another job's token"];

/**
 * Sends a forged result for a job. Returns whether it was refused; `undefined` without an answer,
 * or when the store failed and so the receiver could not compare the URLs.
 */
export async function forge(
  kind: Forgery,
  o: { jobId: string; origin: string; own: string; foreign: string; fails: boolean },
): Promise<boolean | undefined> {
  const token = new URL(kind === "another job's token" ? o.foreign : o.own).search;
  const query = kind === "no token" ? "" : kind === "a changed token" ? changed(token) : token;
  const payload = o.fails
    ? failedPayload({ job_id: o.jobId, error: { code: "FORGED", message: FORGED } })
    : succeededPayload({
        job_id: o.jobId,
        output: { type: "image", items: [{ type: "image", url: `${FORGED}${o.jobId}` }] },
      });
  try {
    const [answer] = await deliver(`${o.origin}/hook${query}`, payload);
    if (kind !== "another job's token") return answer?.status === 401;
    if (answer?.status === 503) return undefined;
    return answer?.status === 200 && (answer.body as { conflict?: true }).conflict === true;
  } catch {
    return undefined;
  }
}

/** Changes one character of the signature. */
function changed(token: string): string {
  const at = token.length - 5;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}
