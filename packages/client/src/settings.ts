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
  /** Your key, from the environment or a vault. It goes into the `Authorization` header and nowhere else. */
  readonly apiKey: string;
  /** Where the API is, with or without a path. Default `https://api.abstrakt.one`. https, unless it is loopback. */
  readonly baseUrl?: string;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: SendRequest;
  /** How long a call may take in all, pauses and repetitions included. Default 30 000. */
  readonly timeoutMs?: number;
}

/** The options, checked and filled in. */
export interface Settings {
  readonly apiKey: string;
  /** Without a slash at its end. */
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
/** What `setTimeout` can hold; anything longer it takes for no time at all. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** @throws AbstraktWebhookError `invalid_options`; it quotes no value that may be a secret. */
export function toSettings(options: ClientOptions): Settings {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected client options such as { apiKey }, got ${describe(options)}.`);
  }
  requireKnown("", NAMES, options);
  const { apiKey, baseUrl = BASE_URL, timeoutMs = TIMEOUT_MS } = options;
  requireKey(apiKey);
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > LONGEST_TIMEOUT_MS) {
    throw invalidOptions(
      `Expected \`timeoutMs\` to be a whole number from 1 to ${LONGEST_TIMEOUT_MS}, got ${String(timeoutMs)}.`,
    );
  }
  if (options.fetch !== undefined) requireFunction("fetch", options.fetch);
  return {
    apiKey,
    baseUrl: toBaseUrl(baseUrl),
    // Looked up when it is called, so that what replaces the global later is used.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    timeoutMs,
  };
}

/** Before `fetch` sees it, which quotes the header it cannot take. */
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
  const { protocol, hostname, username, password, search, hash, href } = new URL(baseUrl);
  if (username + password + search + hash !== "") {
    throw invalidOptions(`${expected}, got one with a user, a query or a fragment.`);
  }
  if (protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname))) {
    return href.replace(/(?<!\/)\/+$/, "");
  }
  throw invalidOptions(
    `${expected}, got ${protocol}//. The key would travel in the clear; http is for loopback hosts.`,
  );
}
