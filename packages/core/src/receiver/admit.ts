import type { Admission, Auth, RequestHead } from "../auth/auth.ts";
import { whenReady } from "../when-ready.ts";

/** Asks every auth in turn; the first refusal ends it. A promise only where one of them makes one. */
export function admit(
  auths: readonly Auth[],
  head: RequestHead,
  soFar: Exclude<Admission, false> = {},
): Admission | Promise<Admission> {
  const [auth, ...others] = auths;
  if (auth === undefined) return soFar;
  if (auth.admit === undefined) return admit(others, head, soFar);
  return whenReady<unknown, Admission>(auth.admit(head), (one) => {
    // Fails closed: an admit that forgot its answer lets nobody in.
    if (typeof one !== "object" || one === null) return false;
    const bound = "binding" in one && typeof one.binding === "string";
    return admit(others, head, bound ? { binding: one.binding as string } : soFar);
  });
}
