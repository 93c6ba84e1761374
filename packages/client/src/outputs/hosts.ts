import { describe, invalidOptions } from "@abstrakt-webhooks/core/store";

/** Why a URL must not be fetched. `undefined` if it may. */
export type RefusalOf = (url: URL) => string | undefined;

/** An entry of `hosts`. Without `port` it allows the default port, or any port on loopback. */
interface NamedHost {
  readonly hostname: string;
  readonly port?: string;
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;
const IP_LITERAL = /^(\d+(\.\d+){3}|\[.*\])$/;
/** Names that exist only in a private network. */
const INSIDE = /\.(local|localhost|internal|home\.arpa)$/;

/** @throws AbstraktWebhookError `invalid_options` */
export function toRefusalOf(hosts: unknown): RefusalOf {
  const entries: readonly unknown[] | undefined = hosts === "*" ? ["*"] : toList(hosts);
  if (entries === undefined || entries.length === 0) {
    throw invalidOptions(
      `Expected \`hosts\` to be a list of host names, or "*" for every public one, got ${entries ? "an empty list" : describe(hosts)}.`,
    );
  }
  const anyPublic = entries.includes("*");
  const named = entries.filter((entry) => entry !== "*").map(toNamedHost);
  return (url) => {
    if (url.username + url.password !== "") return "a URL with a user or a password";
    if (url.protocol !== "https:" && url.protocol !== "http:") return "a URL that is not https";
    if (named.some((host) => isNamed(host, url))) {
      return url.protocol === "https:" || LOOPBACK.test(url.hostname)
        ? undefined
        : `an http URL of ${url.host}`;
    }
    if (!anyPublic) return `${url.host}, which is not named there`;
    if (url.protocol !== "https:") return `an http URL of ${url.host}`;
    return isPublicName(url.hostname) ? undefined : `${url.host}, which is no public name`;
  };
}

const toList = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? value : undefined;

function toNamedHost(entry: unknown): NamedHost {
  const text = typeof entry === "string" ? entry.toLowerCase() : "";
  const [, hostname = "", port] =
    /^(\[[\da-f:.]+\]|[^\s:/?#@\\*[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (hostname !== "" && URL.canParse(`https://${text}`)) {
    return {
      hostname: new URL(`https://${text}`).hostname,
      ...(port && { port: String(Number(port)) }),
    };
  }
  throw invalidOptions(
    `Expected \`hosts\` to hold names such as "cdn.example.com" or "localhost:9000", got ${typeof entry === "string" ? JSON.stringify(entry.slice(0, 100)) : describe(entry)}. Leave out the scheme, paths and wildcards.`,
  );
}

function isNamed({ hostname, port }: NamedHost, url: URL): boolean {
  if (url.hostname !== hostname) return false;
  if (port === undefined) return url.port === "" || LOOPBACK.test(hostname);
  return port === (url.port || (url.protocol === "https:" ? "443" : "80"));
}

function isPublicName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  return name.includes(".") && !IP_LITERAL.test(name) && !INSIDE.test(name);
}
