import type { Admission, Auth, RequestHead } from "../auth/auth.ts";

/** Asks every auth in turn; the first refusal ends it. A promise only where there is one to ask. */
export function admit(auths: readonly Auth[], head: RequestHead): Admission | Promise<Admission> {
  return auths.length === 0 ? {} : admitAll(auths, head);
}

async function admitAll(auths: readonly Auth[], head: RequestHead): Promise<Admission> {
  let admission: { readonly binding?: string } = {};
  for (const auth of auths) {
    if (auth.admit === undefined) continue;
    const one: unknown = await auth.admit(head);
    // Fails closed: an admit that forgot its answer lets nobody in.
    if (typeof one !== "object" || one === null) return false;
    if ("binding" in one && typeof one.binding === "string") admission = { binding: one.binding };
  }
  return admission;
}
