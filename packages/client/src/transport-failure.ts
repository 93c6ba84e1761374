/** Why no answer came. */
export interface TransportFailure {
  readonly reason: string;
  /** False only where no byte of the request can have left. */
  readonly sent: boolean;
}

interface Thrown {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Names of what fails before there is a connection: Node's by system call, undici's and Bun's, new and old, by code. */
const BEFORE_CONNECTED = new Set([
  "connect",
  "getaddrinfo",
  "ECONNREFUSED",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);
/** Deno tells it by its text alone. */
const DENO_CONNECT = /client error \(Connect\)/;
const DEEPEST_CAUSE = 8;

/**
 * What `fetch` threw, in words. It quotes code and message and keeps nothing else, since the errors
 * of some implementations carry the whole request, its headers included.
 */
export function describeFailure(thrown: unknown): TransportFailure {
  const { message, code, syscall } = innermost(thrown);
  const words = typeof message === "string" ? message : "an error without a message";
  const name = typeof code === "string" ? code : undefined;
  return {
    reason: name === undefined || words.includes(name) ? words : `${name}: ${words}`,
    sent: !(
      BEFORE_CONNECTED.has(String(syscall)) ||
      BEFORE_CONNECTED.has(String(name)) ||
      DENO_CONNECT.test(words)
    ),
  };
}

/** `fetch` says "fetch failed" and leaves it to the cause to say why. */
function innermost(thrown: unknown): Thrown {
  let found = thrown;
  for (let depth = 0; depth < DEEPEST_CAUSE; depth += 1) {
    const { cause, errors } = Object(found) as Thrown;
    const deeper: unknown = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
    if (typeof deeper !== "object" || deeper === null) break;
    found = deeper;
  }
  return typeof found === "object" && found !== null ? found : { message: String(found) };
}
