import { describe, requireFunction, requireInteger, requireKnown } from "../checks.ts";
import { wallClock } from "../clock.ts";
import { encodeUtf8, toBase64url } from "../encoding.ts";
import { checkedFor, invalidOptions } from "../errors.ts";
import { whenReady } from "../when-ready.ts";
import type { Auth } from "./auth.ts";
import { toBinding } from "./binding.ts";
import { toEndpoint } from "./endpoint.ts";
import { createKeyring, type Key, type Keyring } from "./keyring.ts";
import { readSecrets } from "./secrets.ts";
import { readToken, toClaims, type Token } from "./token.ts";
import { EXPIRED_ADVICE, WRONG_SIGNATURE_ADVICE, type Admitted } from "./verdict.ts";
import { randomBytes } from "./web-crypto.ts";

/** What `signedUrl` takes. */
export interface SignedUrlOptions {
  /**
   * At least one, each of at least 32 characters. The first signs, and all verify. To change the
   * secret, put the new one first, and remove the old one when its last URL has expired. The type
   * allows `undefined`, because an environment variable may be missing. It is refused.
   */
  readonly secrets: readonly (string | undefined)[];
  /** The URL of your endpoint, as the provider reaches it. https, except for loopback hosts. */
  readonly url: string;
  /** How long a URL is valid, unless `mint` gets another time. Default 7 days. */
  readonly expiresInMs?: number | undefined;
  /**
   * Separates environments that share a secret, such as `"staging"` and `"production"`: a URL that
   * was made for one audience is refused by every other. The host is not signed. So without an
   * audience, production accepts URLs of staging if the secrets are equal. 1 to 64 visible ASCII
   * characters.
   */
  readonly audience?: string | undefined;
  /** Wall time in milliseconds; for tests. */
  readonly clock?: (() => number) | undefined;
}

/** An auth that makes the URLs that it accepts. */
export interface SignedUrlAuth extends Auth {
  readonly admit: NonNullable<Auth["admit"]>;
  /** @throws AbstraktWebhookError `invalid_options` for an unusable `ref` or `expiresInMs`. */
  mint(o?: {
    ref?: string | undefined;
    expiresInMs?: number | undefined;
  }): Promise<{ url: string; binding: string }>;
  readonly tokenLifeMs: number;
}

const OPTION_NAMES = ["secrets", "url", "expiresInMs", "audience", "clock"];
const LEAST_SECRET_LENGTH = 32;
const WEEK_MS = 7 * 86_400_000;
const NONCE_BYTES = 16;

/**
 * Accepts deliveries to URLs that it has signed:
 * `<url>?k=v1.<key id>.<expiry>.<nonce>.<ref>.<mac>`.
 *
 * The MAC is HMAC-SHA-256 over the rest of the token, the path of the configured `url` and the
 * `audience`, so no other endpoint accepts the token. It is compared in constant time, before the
 * body is read. Nonce and `ref` are the delivery's binding: when a job is expected with its URL, no
 * other URL can deliver it.
 *
 * Not promised: it does not encrypt the result. Anybody who has seen a URL can use it to deliver
 * the job that it belongs to.
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
  const settings = checkedFor(signedUrl, () => readOptions(options));
  const { secrets, endpoint, tokenLifeMs, audience, clock } = settings;
  const keyring = createKeyring(secrets);
  const suffix = audience === undefined ? "" : `\n${audience}`;
  const messageOf = (claims: string, path: string): string => `${claims}\n${path}${suffix}`;

  /** The reason for refusing a MAC that is wrong for the configured path. */
  const refuse = (key: Key, token: Token, requested: string): Admitted | Promise<Admitted> => {
    const path = pathOf(requested);
    if (path === undefined || path === endpoint.path) return WRONG_SIGNATURE;
    const isElsewhere = key.verify(token.mac, messageOf(token.claims, path));
    return whenReady(isElsewhere, (yes) => (yes ? WRONG_PATH : WRONG_SIGNATURE));
  };

  return {
    tokenLifeMs,
    advice: ADVICE,
    admit(head) {
      const token = readToken(head.url);
      if ("refused" in token) return token;
      return whenReady<Keyring, Admitted>(keyring(), (keys) => {
        const key = keys.find(token.keyId);
        if (key === undefined) return UNKNOWN_KEY;
        // Not `>=`: a clock that says NaN must refuse.
        if (!(clock() < token.expiresAtMs)) return EXPIRED;
        const isGenuine = key.verify(token.mac, messageOf(token.claims, endpoint.path));
        return whenReady<boolean, Admitted>(isGenuine, (yes) =>
          yes ? { binding: token.binding } : refuse(key, token, head.url),
        );
      });
    },
    async mint({ ref, expiresInMs = tokenLifeMs } = {}) {
      requireInteger("expiresInMs", expiresInMs, 1);
      const nonce = toBase64url(randomBytes(NONCE_BYTES));
      const binding = toBinding({ nonce, ref });
      const { signer } = await keyring();
      const nowMs = Math.floor(clock());
      requireInteger("clock()", nowMs, 0);
      const claims = toClaims(signer.id, nowMs + expiresInMs, binding);
      const mac = await signer.sign(messageOf(claims, endpoint.path));
      return { url: endpoint.withToken(`${claims}.${mac}`), binding };
    },
  };
}

function readOptions(options: SignedUrlOptions) {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected options such as { secrets, url }, got ${describe(options)}.`);
  }
  requireKnown("", OPTION_NAMES, options);
  const { url, expiresInMs: tokenLifeMs = WEEK_MS, audience, clock = wallClock } = options;
  const secrets = readSecrets(options.secrets, EXPECTED_SECRET, toKeyBytes);
  const endpoint = toEndpoint(url);
  requireInteger("expiresInMs", tokenLifeMs, 1);
  requireFunction("clock", clock);
  requireAudience(audience);
  return { secrets, endpoint, tokenLifeMs, audience, clock };
}

const UNKNOWN_KEY = { refused: "unknown_key" };
const EXPIRED = { refused: "expired" };
const WRONG_PATH = { refused: "wrong_path" };
const WRONG_SIGNATURE = { refused: "wrong_signature" };

const ADVICE = {
  missing_token:
    "Its URL has no `k`: submit the job with the URL that `submit` or `webhookUrl()` mints, and have no proxy drop the query.",
  malformed_token:
    "The `k` in its URL is not one that `webhookUrl()` mints: pass on the whole URL unchanged, with one `k`.",
  unknown_key:
    "Its URL was minted with a secret that is not in `secrets`: is this the same environment variable as where the job was submitted, and is the old secret still listed after a rotation?",
  expired: EXPIRED_ADVICE,
  wrong_path:
    "Its URL was minted for the path that it came by, which is not the path of `url` in signedUrl: make them equal.",
  wrong_signature: WRONG_SIGNATURE_ADVICE,
};

const EXPECTED_SECRET = `text of at least ${LEAST_SECRET_LENGTH} characters`;

const toKeyBytes = (secret: string): Uint8Array<ArrayBuffer> | string =>
  secret.length < LEAST_SECRET_LENGTH ? String(secret.length) : encodeUtf8(secret);

function requireAudience(audience: unknown): void {
  if (audience === undefined) return;
  if (typeof audience === "string" && /^[\x21-\x7e]{1,64}$/.test(audience)) return;
  const came = typeof audience === "string" ? "other text" : describe(audience);
  throw invalidOptions(
    `Expected \`audience\` to be 1 to 64 visible ASCII characters, got ${came}.`,
  );
}

/** The path of a request's URL, which may have no scheme and no host. */
function pathOf(url: string): string | undefined {
  try {
    return new URL(url, "http://localhost").pathname;
  } catch {
    return undefined;
  }
}
