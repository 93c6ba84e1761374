import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { wallClock, type Clock } from "./clock.ts";

const DAY_MS = 86_400_000;

/** What of a D1 store can be chosen. Durations in milliseconds. */
export interface D1StoreOptions {
  /** Keeps apart what shares one database. Default `"abstrakt"`. */
  readonly namespace?: string;
  /** How long a done job answers duplicates. Default 8 days, longer than a signed URL lives. */
  readonly doneTtlMs?: number;
  /** How long a dead job is kept and can be redriven. Default 30 days. */
  readonly deadTtlMs?: number;
  /** Whether a done job keeps its payload, for `result()` and for people to look at. Default true. */
  readonly keepPayload?: boolean;
  /** Wall time in milliseconds; for tests. */
  readonly clock?: Clock;
}

/** The options with every default filled in. */
export type Settings = Required<D1StoreOptions>;

/** Throws `invalid_options` when the binding is missing or a value is not what it should be. */
export function readOptions(database: unknown, options: D1StoreOptions): Settings {
  const {
    namespace = "abstrakt",
    doneTtlMs = 8 * DAY_MS,
    deadTtlMs = 30 * DAY_MS,
    keepPayload = true,
    clock = wallClock,
  } = options;
  const { prepare, batch } = (database ?? {}) as Record<string, unknown>;
  const fits = typeof prepare === "function" && typeof batch === "function";
  require(fits, "a D1 binding such as env.DB; name it in `d1_databases` of the wrangler configuration", database);
  const named = typeof namespace === "string" && namespace !== "";
  require(named, "`namespace` to be a string that is not empty", namespace);
  for (const [name, ms] of Object.entries({ doneTtlMs, deadTtlMs })) {
    const positive = Number.isSafeInteger(ms) && ms > 0;
    require(positive, `\`${name}\` to be a whole number of at least 1`, ms);
  }
  require(typeof keepPayload === "boolean", "`keepPayload` to be true or false", keepPayload);
  require(typeof clock === "function", "`clock` to be a function", clock);
  return { namespace, doneTtlMs, deadTtlMs, keepPayload, clock };
}

function require(holds: boolean, expected: string, got: unknown): void {
  if (holds) return;
  const named =
    typeof got === "number" || got === null || got === "" ? JSON.stringify(got) : typeof got;
  throw new AbstraktWebhookError("invalid_options", `Expected ${expected}; got ${named}.`);
}
