import { KEY_ID_LENGTH } from "./keyring.ts";
import type { Refusal } from "./verdict.ts";

/** The parts of a webhook URL's `k`: `v1.<key id>.<expiry in ms>.<nonce>.<ref>.<mac>`. */
export interface Token {
  /** The text before the MAC. */
  readonly claims: string;
  readonly keyId: string;
  readonly expiresAtMs: number;
  /** Nonce and ref, as `toBinding` writes them. */
  readonly binding: string;
  readonly mac: string;
}

/** The query parameter with the token. */
export const TOKEN_PARAMETER = "k";

const NONCE_LENGTH = 22;
const MAC_LENGTH = 43;
const SHAPE = new RegExp(
  `^(v1\\.([\\w-]{${KEY_ID_LENGTH}})\\.(\\d{1,16})\\.([\\w-]{${NONCE_LENGTH}}\\.[\\w-]*))\\.([\\w-]{${MAC_LENGTH}})$`,
);

/** The token of a request's URL, not verified yet, or the reason why there is no single one. */
export function readToken(url: string): Token | Refusal {
  const start = url.indexOf("?");
  if (start < 0) return MISSING;
  const [token, ...others] = new URLSearchParams(url.slice(start)).getAll(TOKEN_PARAMETER);
  if (token === undefined) return MISSING;
  const [, claims, keyId, expiry, binding, mac] = SHAPE.exec(token) ?? [];
  if (others.length > 0 || !claims || !keyId || !binding || !mac) return MALFORMED;
  return { claims, keyId, expiresAtMs: Number(expiry), binding, mac };
}

const MISSING: Refusal = { refused: "missing_token" };
const MALFORMED: Refusal = { refused: "malformed_token" };

/** The part of a token that its MAC signs. */
export const toClaims = (keyId: string, expiresAtMs: number, binding: string): string =>
  `v1.${keyId}.${expiresAtMs}.${binding}`;
