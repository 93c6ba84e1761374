import { describe } from "../checks.ts";
import { type AbstraktWebhookError, invalidOptions } from "../errors.ts";
import { redactUrl } from "../redact.ts";
import { TOKEN_PARAMETER } from "./token.ts";

/** The URL to which the provider delivers. */
export interface Endpoint {
  /** The path that is part of the signed text. */
  readonly path: string;
  withToken(token: string): string;
}

/** @throws AbstraktWebhookError `invalid_options`. */
export function toEndpoint(url: unknown): Endpoint {
  if (typeof url !== "string" || !URL.canParse(url)) {
    const came = typeof url === "string" ? "text that is no absolute URL" : describe(url);
    throw invalid(`the absolute URL of your endpoint`, came);
  }
  const { protocol, hostname, pathname, searchParams, hash } = new URL(url);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname))) {
    throw invalid("https, or http to a loopback host while developing", redactUrl(url));
  }
  if (searchParams.has(TOKEN_PARAMETER)) {
    throw invalid(`without \`${TOKEN_PARAMETER}\` in its query, which carries the token`, "one");
  }
  if (hash !== "") throw invalid("without a fragment, which is never sent", "one");
  return {
    path: pathname,
    withToken(token) {
      const minted = new URL(url);
      // Not with `searchParams`, which would change the rest of the query. The setter adds a `?`.
      minted.search += `${minted.search && "&"}${TOKEN_PARAMETER}=${token}`;
      return minted.href;
    },
  };
}

const isLoopback = (hostname: string): boolean =>
  /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost)$/.test(hostname);

const invalid = (expected: string, came: string): AbstraktWebhookError =>
  invalidOptions(`Expected \`url\` to be ${expected}, got ${came}.`);
