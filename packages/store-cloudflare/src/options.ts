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
  if (!isDatabase(database)) {
    const isAround = Object.values(database ?? {}).some(isDatabase);
    const [got, advice] = isAround
      ? ["an object that holds one", "Pass the binding itself: d1Store(env.DB)."]
      : [describe(database), "Name it in `d1_databases` of the wrangler configuration."];
    throw invalidOptions(`Expected a D1 binding such as env.DB, got ${got}. ${advice}`);
  }
  const common = readStoreOptions(options, ["clock"]);
  const { clock = wallClock } = options;
  requireFunction("clock", clock);
  return { ...common, clock };
}

function isDatabase(value: unknown): boolean {
  const { prepare, batch } = (value ?? {}) as Record<string, unknown>;
  return typeof prepare === "function" && typeof batch === "function";
}
