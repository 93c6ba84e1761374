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
/**
 * The server's certificate is not valid, so the client closed the connection before it sent the
 * request. These are the codes of OpenSSL and of Node, and Bun uses them too.
 */
const CERTIFICATE =
  /^(CERT|CRL)_|^ERR_TLS_CERT_|SELF_SIGNED_CERT|^UNABLE_TO_|^ERROR_IN_C\w+_FIELD$|^INVALID_(CA|PURPOSE)$|^(HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)$/;
/** Failures before a connection that have no code: of Deno, and of a port that `fetch` blocks. */
const BY_TEXT = /client error \(Connect\)|^bad port$/;
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
      CERTIFICATE.test(String(name)) ||
      BY_TEXT.test(words)
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
