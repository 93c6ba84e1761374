import { signedUrl } from "@abstrakt-webhooks/core";
import type { Context } from "../definition/command.ts";
import { toLine, wrongUse } from "../errors.ts";

/** The query parameter that holds a token. */
const TOKEN_PARAMETER = "k";

/** The environment variable with a secret. */
export const SECRET_VARIABLE = "WEBHOOK_SECRET";

/** How to sign a URL. Without a secret the URL stays as it is. */
export interface Signing {
  readonly secret?: string | undefined;
  readonly ref?: string | undefined;
  readonly expiresInMs?: number | undefined;
}

/**
 * Signs an endpoint's URL. A URL that holds a token already stays as it is.
 *
 * @throws AbstraktWebhookError `invalid_options`.
 */
export async function sign(url: string, { secret, ref, expiresInMs }: Signing): Promise<string> {
  if (secret === undefined && ref !== undefined) {
    throw wrongUse(
      "Expected `--secret` beside `--ref`, got nothing. A `ref` is part of a signed URL.",
    );
  }
  if (secret === undefined || new URL(url).searchParams.has(TOKEN_PARAMETER)) return url;
  const auth = signedUrl({ secrets: [secret], url });
  const minted = await auth.mint({
    ...(ref !== undefined && { ref }),
    ...(expiresInMs !== undefined && { expiresInMs }),
  });
  return minted.url;
}

/**
 * The secret with which to sign a URL. The variable in the environment may be there for the app
 * alone. So if only the variable asks for a signature, and the URL cannot be signed, it stays
 * unsigned, and a note says so.
 */
export async function secretFor(
  url: string,
  { secret, ref }: Signing,
  { terminal, output }: Context,
): Promise<string | undefined> {
  if (secret !== terminal.env[SECRET_VARIABLE] || ref !== undefined) return secret;
  try {
    await sign(url, { secret });
    return secret;
  } catch (thrown) {
    output.note(`The URL is not signed with ${SECRET_VARIABLE}. ${toLine(thrown)}`);
    return undefined;
  }
}

/** The URL without its token. */
export function withoutToken(url: string): string {
  const bare = new URL(url);
  bare.searchParams.delete(TOKEN_PARAMETER);
  return bare.href;
}
