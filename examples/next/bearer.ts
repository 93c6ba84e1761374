import { createHash, timingSafeEqual } from "node:crypto";

/** Whether the request shows the secret as its bearer token. A secret that is not set opens nothing. */
export function isBearer(request: Request, secret: string | undefined): boolean {
  if (!secret) return false;
  // Digests have one length, and comparing them takes one time, whatever was sent.
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const shown = request.headers.get("authorization") ?? "";
  return timingSafeEqual(digest(shown), digest(`Bearer ${secret}`));
}
