/** Refused, and the reason for the event. */
export interface Refusal {
  readonly refused: string;
}

/** What became of a request's head. */
export type Admitted = Refusal | { readonly binding?: string };

/** What became of a body. */
export type Verified = true | Refusal;

/** An auth refused and gave no reason. */
const UNAUTHORIZED: Refusal = { refused: "unauthorized" };

/** Reads what an `admit` of somebody answered. What is not clearly a yes is a no. */
export function readAdmission(answer: unknown): Admitted {
  if (!isPlainObject(answer)) return UNAUTHORIZED;
  if ("refused" in answer) return toRefusal(answer);
  const { binding, ...others } = answer;
  if (Object.keys(others).length > 0) return UNAUTHORIZED;
  if (binding === undefined) return {};
  return typeof binding === "string" ? { binding } : UNAUTHORIZED;
}

/** Reads what a `verify` of somebody answered. What is not clearly a yes is a no. */
export function readVerification(answer: unknown): Verified {
  if (answer === true) return true;
  return isPlainObject(answer) ? toRefusal(answer) : UNAUTHORIZED;
}

const toRefusal = ({ refused }: { readonly refused?: unknown }): Refusal =>
  typeof refused === "string" && refused !== "" ? { refused } : UNAUTHORIZED;

/** Also of another realm. A list, a date, an error or a response is none. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
