import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { wallClock, type Clock } from "./clock.ts";
import { isDatabase, OPEN_DATABASE, type SqliteDatabase } from "./database.ts";

const DAY_MS = 86_400_000;

/** What of an SQLite store can be chosen. Durations in milliseconds. */
export interface SqliteStoreOptions {
  /** Keeps apart what shares one file. Default `"abstrakt"`. */
  readonly namespace?: string;
  /** How long a done job answers duplicates. Default 8 days, longer than a signed URL lives. */
  readonly doneTtlMs?: number;
  /** How long a dead job is kept and can be redriven. Default 30 days. */
  readonly deadTtlMs?: number;
  /** Whether a done job keeps its payload, for `result()` and for people to look at. Default true. */
  readonly keepPayload?: boolean;
  /** Wall time in milliseconds; for tests. Processes that share a file must share it too. */
  readonly clock?: Clock;
}

/** Fills in the defaults. Throws `invalid_options` when a value is not what it should be. */
export function readOptions(
  database: string | SqliteDatabase,
  options: SqliteStoreOptions,
): Required<SqliteStoreOptions> {
  const {
    namespace = "abstrakt",
    doneTtlMs = 8 * DAY_MS,
    deadTtlMs = 30 * DAY_MS,
    keepPayload = true,
    clock = wallClock,
  } = options;
  const given = (value: unknown) => (value === null ? "null" : typeof value);
  require((typeof database === "string" && database !== "") ||
    isDatabase(
      database,
    ), `a path or ${OPEN_DATABASE}, got ${database === "" ? "an empty path" : given(database)}`);
  require(typeof namespace === "string" &&
    namespace !==
      "", `\`namespace\` to be a string that is not empty, got ${namespace === "" ? '""' : given(namespace)}`);
  for (const [name, value] of Object.entries({ doneTtlMs, deadTtlMs })) {
    require(Number.isSafeInteger(value) &&
      value > 0, `\`${name}\` to be a whole number of at least 1, got ${value}`);
  }
  require(typeof keepPayload ===
    "boolean", `\`keepPayload\` to be true or false, got ${given(keepPayload)}`);
  require(typeof clock === "function", `\`clock\` to be a function, got ${given(clock)}`);
  return { namespace, doneTtlMs, deadTtlMs, keepPayload, clock };
}

function require(holds: boolean, expected: string): void {
  if (!holds) throw new AbstraktWebhookError("invalid_options", `Expected ${expected}.`);
}
