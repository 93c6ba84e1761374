import {
  describe,
  invalidOptions,
  requireFunction,
  requireKnown,
} from "@abstrakt-webhooks/core/store";

/** The part of `fetch` that a client uses. */
export type SendRequest = (
  url: string,
  init: {
    method: "GET" | "POST";
    headers: Record<string, string>;
    body?: string;
    redirect: "manual";
    signal: AbortSignal;
  },
) => Promise<Response>;

/** Options of `createClient`. */
export interface ClientOptions {
  /** Your key, from the environment or a vault. It is sent in the `Authorization` header only. */
  readonly apiKey: string;
  /**
   * The API's URL, without `/v1`. It may have a path. Only a loopback host may use http. Default
   * `https://api.abstrakt.one`.
   */
  readonly baseUrl?: string | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: SendRequest | undefined;
  /** The maximum time of a call, including its retries and pauses. Default 30 000. */
  readonly timeoutMs?: number | undefined;
}

/** The options, checked and with defaults. */
export interface Settings {
  readonly apiKey: string;
  /** It does not end with a slash. */
  readonly baseUrl: string;
  readonly fetch: SendRequest;
  readonly timeoutMs: number;
}

const NAMES: readonly string[] = [
  "apiKey",
  "baseUrl",
  "fetch",
  "timeoutMs",
] satisfies (keyof ClientOptions)[];
const BASE_URL = "https://api.abstrakt.one";
const TIMEOUT_MS = 30_000;
/** The maximum delay of `setTimeout`. With a longer delay it fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * @throws AbstraktWebhookError `invalid_options`. The message quotes no value that may be secret.
 */
export function toSettings(options: ClientOptions): Settings {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected client options such as { apiKey }, got ${describe(options)}.`);
  }
  requireKnown("", NAMES, options);
  const { apiKey, baseUrl = BASE_URL, timeoutMs = TIMEOUT_MS } = options;
  requireKey(apiKey);
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    throw invalidOptions(
      `Expected \`timeoutMs\` to be a whole number from 1 to ${MAX_TIMEOUT_MS}, got ${String(timeoutMs)}.`,
    );
  }
  if (options.fetch !== undefined) requireFunction("fetch", options.fetch);
  return {
    apiKey,
    baseUrl: toBaseUrl(baseUrl),
    // The global is looked up at each call, because a test or a tool may replace it later.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    timeoutMs,
  };
}

/** Checks the key here, because `fetch` would quote an invalid header in its error. */
function requireKey(apiKey: unknown): void {
  if (typeof apiKey === "string" && /^[\x21-\x7e]+$/.test(apiKey)) return;
  const came =
    typeof apiKey !== "string"
      ? typeof apiKey
      : apiKey === ""
        ? "an empty one"
        : "one with white space or other characters that no header can carry";
  const hint = apiKey === undefined || apiKey === "" ? " Is the environment variable set?" : "";
  throw invalidOptions(
    `Expected \`apiKey\` to be a string of visible ASCII characters, got ${came}.${hint}`,
  );
}

function toBaseUrl(baseUrl: unknown): string {
  const expected = "Expected `baseUrl` to be a URL such as https://api.abstrakt.one";
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl)) {
    throw invalidOptions(
      `${expected}, got ${typeof baseUrl === "string" ? "no URL" : typeof baseUrl}.`,
    );
  }
  const { protocol, hostname, username, password, pathname, search, hash, href } = new URL(baseUrl);
  if (username + password + search + hash !== "") {
    throw invalidOptions(`${expected}, got one with a user, a query or a fragment.`);
  }
  if (/\/v1\/*$/.test(pathname)) {
    throw invalidOptions(
      `${expected}, got one that ends in /v1. Leave out \`/v1\`, the client adds it.`,
    );
  }
  if (protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname))) {
    return href.replace(/(?<!\/)\/+$/, "");
  }
  throw invalidOptions(
    `${expected}, got ${protocol}//. The key would be sent unencrypted. Use https; http is for loopback hosts only.`,
  );
}
