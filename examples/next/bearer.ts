import { createHash, timingSafeEqual } from "node:crypto";

/** True if the request has the secret as its bearer token. Without a secret it is always false. */
export function isBearer(request: Request, secret: string | undefined): boolean {
  if (!secret) return false;
  // All digests have the same length, and the comparison always takes the same time.
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const shown = request.headers.get("authorization") ?? "";
  return timingSafeEqual(digest(shown), digest(`Bearer ${secret}`));
}
