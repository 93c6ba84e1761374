import { describe, requireFunction, requireInteger, requireKnown } from "../checks.ts";
import { wallClock } from "../clock.ts";
import { toBase64url } from "../encoding.ts";
import { invalidOptions } from "../errors.ts";
import { whenReady } from "../when-ready.ts";
import type { Auth } from "./auth.ts";
import { toBinding } from "./binding.ts";
import { toEndpoint } from "./endpoint.ts";
import { createKeyring } from "./keyring.ts";
import { readToken, toClaims } from "./token.ts";

/** What `signedUrl` takes. */
export interface SignedUrlOptions {
  /**
   * At least one, each of at least 32 characters. The first signs, all verify: to rotate, put the
   * new one first and drop the old one when its last URL has expired. `undefined`, as an environment
   * variable may be, is taken by the type alone, and refused.
   */
  readonly secrets: readonly (string | undefined)[];
  /** Where the provider delivers, as it sees it. https, except for loopback hosts. */
  readonly url: string;
  /** How long a minted URL is valid unless `mint` is told otherwise. Default 7 days. */
  readonly expiresInMs?: number;
  /** Wall time in milliseconds; for tests. */
  readonly clock?: () => number;
}

/** An auth that mints the URLs it lets in. */
export interface SignedUrlAuth extends Auth {
  readonly admit: NonNullable<Auth["admit"]>;
  /** @throws AbstraktWebhookError `invalid_options` for an unusable `ref` or `expiresInMs`. */
  mint(o?: { ref?: string; expiresInMs?: number }): Promise<{ url: string; binding: string }>;
  readonly tokenLifeMs: number;
}

const OPTION_NAMES = ["secrets", "url", "expiresInMs", "clock"];
const LEAST_SECRET_LENGTH = 32;
const WEEK_MS = 7 * 86_400_000;
const NONCE_BYTES = 16;

/**
 * Trusts who delivers to a URL that was minted here: `<url>?k=v1.<key id>.<expiry>.<nonce>.<ref>.<mac>`.
 *
 * The MAC is HMAC-SHA-256 over the rest of the token and the path of the configured `url`, so a
 * token serves no other endpoint. It is compared in constant time, before the body is read, and
 * expires to the millisecond. Nonce and `ref` are the delivery's binding: once a job is expected
 * with its URL, no other URL delivers it. It does not hide what is delivered, nor stop whoever
 * has seen a URL from using it for the one job that it belongs to.
 *
 * @throws AbstraktWebhookError `invalid_options`.
 *
 * @example
 * ```ts
 * const auth = signedUrl({
 *   secrets: [process.env.WEBHOOK_SECRET],
 *   url: "https://app.example.com/api/abstrakt-webhook",
 * });
 * const { url } = await auth.mint({ ref: "order-42" });
 * ```
 */
export function signedUrl(options: SignedUrlOptions): SignedUrlAuth {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected options such as { secrets, url }, got ${describe(options)}.`);
  }
  requireKnown("", OPTION_NAMES, options);
  const { url, expiresInMs: tokenLifeMs = WEEK_MS, clock = wallClock } = options;
  const secrets = toSecrets(options.secrets);
  const endpoint = toEndpoint(url);
  requireInteger("expiresInMs", tokenLifeMs, 1);
  requireFunction("clock", clock);
  const keyring = createKeyring(secrets);
  const messageOf = (claims: string): string => `${claims}\n${endpoint.path}`;

  return {
    tokenLifeMs,
    admit(head) {
      const token = readToken(head.url);
      if (token === undefined || clock() >= token.expiresAtMs) return false;
      return whenReady(keyring(), (keys) => {
        const genuine = keys.find(token.keyId)?.verify(messageOf(token.claims), token.mac);
        return whenReady(genuine, (yes) => yes === true && { binding: token.binding });
      });
    },
    async mint({ ref, expiresInMs = tokenLifeMs } = {}) {
      requireInteger("expiresInMs", expiresInMs, 1);
      const nonce = toBase64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
      const binding = toBinding(ref === undefined ? { nonce } : { nonce, ref });
      const { signer } = await keyring();
      const claims = toClaims(signer.id, Math.floor(clock()) + expiresInMs, binding);
      const mac = await signer.sign(messageOf(claims));
      return { url: endpoint.withToken(`${claims}.${mac}`), binding };
    },
  };
}

function toSecrets(secrets: unknown): readonly string[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    const came = Array.isArray(secrets) ? "an empty one" : describe(secrets);
    throw invalidOptions(`Expected \`secrets\` to be a list of at least one secret, got ${came}.`);
  }
  for (const [index, secret] of (secrets as readonly unknown[]).entries()) {
    if (typeof secret === "string" && secret.length >= LEAST_SECRET_LENGTH) continue;
    const came = typeof secret === "string" ? `${secret.length}` : describe(secret);
    throw invalidOptions(
      `Expected \`secrets[${index}]\` to be text of at least ${LEAST_SECRET_LENGTH} characters, got ${came}. Make one with: openssl rand -base64 32`,
    );
  }
  // A copy: what is changed later was not checked.
  return [...(secrets as readonly string[])];
}
