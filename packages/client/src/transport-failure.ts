/** Why no answer came. */
export interface TransportFailure {
  readonly reason: string;
  /** False only when no byte of the request can have been sent. */
  readonly sent: boolean;
}

interface Thrown {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Failures before a connection exists: system calls of Node, codes of undici and Bun. */
const BEFORE_CONNECTED = new Set([
  "connect",
  "getaddrinfo",
  "ECONNREFUSED",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);
/** Deno reports this failure by a text only, without a code. */
const DENO_CONNECT = /client error \(Connect\)/;
const MAX_DEPTH = 8;

/**
 * Describes what `fetch` threw by its code and message. It keeps nothing else, because some
 * implementations attach the whole request with its headers to the error.
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

/** `fetch` throws only "fetch failed". The innermost cause says why. */
function innermost(thrown: unknown): Thrown {
  let found = thrown;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const { cause, errors } = Object(found) as Thrown;
    const deeper: unknown = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
    if (typeof deeper !== "object" || deeper === null) break;
    found = deeper;
  }
  return typeof found === "object" && found !== null ? found : { message: String(found) };
}
