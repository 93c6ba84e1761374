import { AbstraktWebhookError } from "@abstrakt-webhooks/core";

const UNREACHABLE = "Check that it runs and is reachable, and host, port and TLS in its URL.";

/** The error of a replica. */
const READ_ONLY = /^READONLY\b/;

/** What went wrong and what to do, by the words that a server's error begins with. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:NOAUTH|WRONGPASS|Unauthorized)\b|^ERR (?:AUTH|invalid password|Client sent AUTH)/i,
    "Redis refused the user, the password or the token. Check the client's credentials.",
  ],
  [
    /^NOPERM\b/,
    "The Redis user lacks a permission. Grant it `+@scripting +@hash +@sortedset +@keyspace +time` on the keys `~{<namespace>}:*`, and `+wait` for `waitReplicas`.",
  ],
  [
    READ_ONLY,
    "Redis takes no writes here: the server is a replica. Connect to the primary. After a failover ioredis does so by its option `reconnectOnError`.",
  ],
  [
    /^OOM\b/,
    "Redis is full. Raise `maxmemory`, or keep less by `doneTtlMs`, `deadTtlMs` or `keepPayload: false`.",
  ],
  [
    /^MISCONF\b/,
    "Redis cannot write to its disk, so it takes no writes. Free space, and look at its log.",
  ],
  [
    /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b/,
    "Redis is starting or failing over. Do nothing if that ends soon.",
  ],
  [
    /^BUSY\b/,
    "Another script blocks Redis. Find the application that runs slow scripts on this server.",
  ],
  [
    /^WRONGTYPE\b/,
    "A key of this store has another type. Give the store a `namespace` that no other application uses.",
  ],
  [
    /^ERR max number of clients/,
    "Redis has no connection left. Raise `maxclients`, or share one client.",
  ],
  [
    /^ERR (?:DB index|invalid DB)/,
    "The Redis database does not exist. Correct its number in the URL.",
  ],
];

/**
 * Makes an error that says what to do. It quotes no text of the server or the client, because that
 * may contain a payload or a password. The client's error is the cause.
 */
export const toStoreError = (thrown: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError("store_unavailable", explain(headOf(thrown)), { cause: thrown });

export const notConnected = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    `The Redis client is not connected. ${UNREACHABLE} node-redis connects by \`await client.connect()\`.`,
  );

export const connectionLost = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    "The connection to Redis was lost before the replicas confirmed the result. Nothing to do once it is back.",
  );

export const tooFewReplicas = (wanted: number, got: number): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    `Expected ${wanted} replicas to confirm the result in time, got ${got}. Check that they run and are not behind, or lower \`waitReplicas\`.`,
  );

export const noText = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    "Expected the Redis client to answer with text, got bytes. Make it without a `typeMapping` to `Buffer`, or pass `client.withTypeMapping({})`.",
  );

/**
 * As in `ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -OOM ...`, or with
 * `@user_script:9: WRONGTYPE ...`.
 */
const IN_SCRIPT = /^.{0,300}@user_script: ?\d+: -?(?=[A-Z]{3,} )/;

/** True when the server does not know the script, for example after a restart. */
export const isNoScript = (thrown: unknown): boolean => /^NOSCRIPT\b/.test(headOf(thrown));

/** True when the server is a replica, which takes no writes. */
export const isReadOnly = (thrown: unknown): boolean => READ_ONLY.test(headOf(thrown));

/** True when the server does not carry out a command, for this user or at all. */
export const isRefusal = (thrown: unknown): boolean => /^(?:ERR|NOPERM)\b/.test(headOf(thrown));

function explain(head: string): string {
  const known = ADVICE.find(([pattern]) => pattern.test(head));
  if (known !== undefined) return known[1];
  const [code] = /^[A-Z]{3,}(?= )/.exec(head) ?? [];
  if (code !== undefined) return `Redis refused a command (${code}). The cause says why.`;
  return `Redis did not answer. ${UNREACHABLE}`;
}

/**
 * Reads the server's message. It removes the prefix and the command, with its payload, that
 * Upstash's client adds, and what Redis 6 puts before the error of a command in a script.
 */
function headOf(thrown: unknown): string {
  const message = (thrown as { message?: unknown } | null | undefined)?.message;
  if (typeof message !== "string") return "";
  const [head = ""] = message.replace(/^Command failed: /, "").split(", command was:");
  return head.replace(IN_SCRIPT, "");
}
