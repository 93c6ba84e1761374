import { KEY_ID_LENGTH } from "./keyring.ts";

/** What a webhook URL's `k` says: `v1.<key id>.<expiry in ms>.<nonce>.<ref>.<mac>`. */
export interface Token {
  /** All before the MAC. */
  readonly claims: string;
  readonly keyId: string;
  readonly expiresAtMs: number;
  /** Nonce and ref, as `toBinding` wrote them. */
  readonly binding: string;
  readonly mac: string;
}

/** The query parameter that carries a token. */
export const TOKEN_PARAMETER = "k";

const NONCE_LENGTH = 22;
const MAC_LENGTH = 43;
const SHAPE = new RegExp(
  `^(v1\\.([\\w-]{${KEY_ID_LENGTH}})\\.(\\d{1,16})\\.([\\w-]{${NONCE_LENGTH}}\\.[\\w-]*))\\.([\\w-]{${MAC_LENGTH}})$`,
);

/** The only token of a request's URL, believed by nobody yet; `undefined` when it has none or several. */
export function readToken(url: string): Token | undefined {
  const start = url.indexOf("?");
  if (start < 0) return undefined;
  const given = new URLSearchParams(url.slice(start)).getAll(TOKEN_PARAMETER);
  if (given.length !== 1) return undefined;
  const [, claims, keyId, expiry, binding, mac] = SHAPE.exec(given[0] ?? "") ?? [];
  if (!claims || !keyId || !binding || !mac) return undefined;
  return { claims, keyId, expiresAtMs: Number(expiry), binding, mac };
}

/** The part of a token that its MAC vouches for. */
export const toClaims = (keyId: string, expiresAtMs: number, binding: string): string =>
  `v1.${keyId}.${expiresAtMs}.${binding}`;
