/** Refused, and the reason for the event. */
export interface Refusal {
  readonly refused: string;
}

/** The decision about a request's head. */
export type Admitted = Refusal | { readonly binding?: string };

/** The decision about a body. */
export type Verified = true | Refusal;

/** An auth refused and gave no reason. */
const UNAUTHORIZED: Refusal = { refused: "unauthorized" };

// Two auths refuse for these reasons, and one receiver may have both.
export const EXPIRED_ADVICE =
  "It came too late: raise `expiresInMs` of signedUrl or `toleranceMs` of standardWebhooks, unless the clock of this host is wrong.";
export const WRONG_SIGNATURE_ADVICE =
  "Its signature does not fit: it was minted for another path or `audience`, signed with another secret, or changed on its way.";

/** Reads what a user's `admit` returned. Anything that is not a clear yes refuses. */
export function readAdmission(answer: unknown): Admitted {
  if (!isPlainObject(answer)) return UNAUTHORIZED;
  if ("refused" in answer) return toRefusal(answer);
  const { binding, ...others } = answer;
  if (Object.keys(others).length > 0) return UNAUTHORIZED;
  if (binding === undefined) return {};
  return typeof binding === "string" ? { binding } : UNAUTHORIZED;
}

/** Reads what a user's `verify` returned. Anything that is not a clear yes refuses. */
export function readVerification(answer: unknown): Verified {
  if (answer === true) return true;
  return isPlainObject(answer) ? toRefusal(answer) : UNAUTHORIZED;
}

const toRefusal = ({ refused }: { readonly refused?: unknown }): Refusal =>
  typeof refused === "string" && refused !== "" ? { refused } : UNAUTHORIZED;

/** A plain object, also of another realm. A list, a date, an error or a response is none. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
