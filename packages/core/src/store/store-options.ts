import { invalidOptions } from "../errors.ts";
import { describe, expected, requireInteger, requireKnown } from "../checks.ts";

const DAY_MS = 86_400_000;

/** How long a store keeps settled rows. */
export interface Retention {
  /** How long a done job answers duplicates. Default 8 days, longer than a signed URL is valid. */
  readonly doneTtlMs?: number | undefined;
  /** How long a dead job is kept and can be redriven. Default 30 days. */
  readonly deadTtlMs?: number | undefined;
}

/** Options after their defaults are filled in. */
export type WithDefaults<Options> = {
  readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined>;
};

/** The options that every store with a backend takes. */
export interface StoreOptions extends Retention {
  /** Separates stores that share one backend. Default `"abstrakt"`. */
  readonly namespace?: string | undefined;
  /** Whether a done job keeps its payload, for `result()`, `get` and `list`. Default true. */
  readonly keepPayload?: boolean | undefined;
}

const NAMES = ["namespace", "doneTtlMs", "deadTtlMs", "keepPayload"] as const;

/**
 * Checks the options that every store takes, and adds their defaults.
 *
 * @param own names of the store's other options, which the store itself must check.
 * @throws AbstraktWebhookError `invalid_options`, also for an unknown option.
 */
export function readStoreOptions(
  options: StoreOptions,
  own: readonly string[] = [],
): WithDefaults<StoreOptions> {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected the store's options to be an object, got ${describe(options)}.`);
  }
  requireKnown("", [...own, ...NAMES], options);
  const { namespace = "abstrakt", keepPayload = true } = options;
  if (typeof namespace !== "string" || namespace === "") {
    const got = namespace === "" ? '""' : describe(namespace);
    throw invalidOptions(`Expected \`namespace\` to be a string that is not empty, got ${got}.`);
  }
  if (typeof keepPayload !== "boolean") {
    throw expected("keepPayload", "true or false", keepPayload);
  }
  return { namespace, keepPayload, ...readRetention(options) };
}

/** @throws AbstraktWebhookError `invalid_options`. */
export function readRetention(options: Retention): WithDefaults<Retention> {
  const { doneTtlMs = 8 * DAY_MS, deadTtlMs = 30 * DAY_MS } = options;
  requireInteger("doneTtlMs", doneTtlMs, 1);
  requireInteger("deadTtlMs", deadTtlMs, 1);
  return { doneTtlMs, deadTtlMs };
}
