import type { Emit, WarningCode } from "./events.ts";
import type { Settings } from "./settings.ts";

/** Says once, at the first delivery, what a receiver in production should not lack. */
export function createNotices(
  settings: Settings,
  emit: Emit,
  wasDriven: () => boolean,
): () => void {
  let noticed = false;
  const warn = (code: WarningCode, message: string): void =>
    emit({ type: "warning", error: { code, message } });

  return () => {
    if (noticed) return;
    noticed = true;
    if (settings.storeIsDefault) {
      warn(
        "default_store",
        "No `store` was given, so accepted results live in this process only and end with it. Pass a durable store, or write `store: memoryStore()` to say that this is meant.",
      );
    }
    if (settings.store.traits.durable && !wasDriven()) {
      warn(
        "not_started",
        "The store is durable, but the receiver was neither started nor ticked, so nobody runs what an earlier process left. Call `receiver.start()` at boot, or `receiver.tick()` from a schedule.",
      );
    }
    void inspectStore(settings, warn);
  };
}

async function inspectStore(
  { store, callStore }: Settings,
  warn: (code: WarningCode, message: string) => void,
): Promise<void> {
  const { inspect } = store;
  if (inspect === undefined) return;
  try {
    const { warnings } = await callStore(() => inspect.call(store));
    for (const warning of warnings) warn("store_settings", warning);
  } catch {
    warn("store_unavailable", "The store did not answer when asked for its settings.");
  }
}
