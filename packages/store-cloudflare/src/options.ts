import {
  describe,
  invalidOptions,
  readStoreOptions,
  requireFunction,
  wallClock,
  type Clock,
  type StoreOptions,
  type WithDefaults,
} from "@abstrakt-webhooks/core/store";

/** Options of a D1 store. Durations are in milliseconds. */
export interface D1StoreOptions extends StoreOptions {
  /** Wall time in milliseconds; for tests. */
  readonly clock?: Clock | undefined;
}

/** The options with their defaults. */
export type Settings = WithDefaults<D1StoreOptions>;

/** @throws AbstraktWebhookError `invalid_options`, also when the binding is missing. */
export function readOptions(database: unknown, options: D1StoreOptions): Settings {
  const { prepare, batch } = (database ?? {}) as Record<string, unknown>;
  if (typeof prepare !== "function" || typeof batch !== "function") {
    throw invalidOptions(
      `Expected a D1 binding such as env.DB, got ${describe(database)}. Name it in \`d1_databases\` of the wrangler configuration.`,
    );
  }
  const common = readStoreOptions(options, ["clock"]);
  const { clock = wallClock } = options;
  requireFunction("clock", clock);
  return { ...common, clock };
}
