import { unsupported } from "../errors.ts";
import type { Settings } from "./settings.ts";

/** Makes a URL whose deliveries `auth` lets in. @throws AbstraktWebhookError `unsupported`. */
export async function mintUrl(
  { auths }: Settings,
  o: { ref?: string; expiresInMs?: number } = {},
): Promise<{ url: string; binding: string }> {
  const minted = await auths.find((auth) => auth.mint)?.mint?.(o);
  if (minted !== undefined) return minted;
  throw unsupported(
    "`webhookUrl` needs an `auth` that mints, such as signedUrl; this receiver has none.",
  );
}
