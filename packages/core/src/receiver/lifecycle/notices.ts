import { DEFAULT_STORE_ADVICE } from "#default-store";
import { describeCause } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { Emit, WarningCode } from "../events/events.ts";
import type { Kit } from "../parts.ts";
import type { Settings } from "../settings.ts";

/** Says once, when a receiver is first used, what it should not lack in production. */
export function createNotices(
  settings: Settings,
  emit: Emit,
  wasDriven: () => boolean,
): Pick<Kit, "noticeUse" | "noticeExpected" | "noticeTokenLife"> {
  let noticed = false;
  let noticedExpected = false;
  let noticedTokenLife = false;
  const warn = (code: WarningCode, message: string): void => emit(warning(code, message));

  const noticeExpected = (): void => {
    if (noticedExpected || settings.options.client !== undefined) return;
    noticedExpected = true;
    warn(
      "no_client",
      "Jobs are expected, but nobody asks for them when their webhooks do not come. Pass a `client` such as createClient's.",
    );
  };
  const noticeTokenLife = (lifeMs: number): void => {
    const { doneTtlMs } = settings.store.traits;
    if (noticedTokenLife || lifeMs <= doneTtlMs) return;
    noticedTokenLife = true;
    warn(
      "short_retention",
      `The store forgets a handled result after ${doneTtlMs} ms, but a URL lets deliveries in for ${lifeMs} ms: a late one is handled again. Raise the store's \`doneTtlMs\`, or lower \`expiresInMs\`.`,
    );
  };
  const noticeUse = (): void => {
    if (noticed) return;
    noticed = true;
    if (settings.storeIsDefault) warn("default_store", DEFAULT_STORE_ADVICE);
    if (settings.store.traits.durable && !wasDriven()) {
      warn(
        "not_started",
        "The store is durable, but nobody runs what an earlier process left in it. Call `receiver.start()` at boot, or `receiver.tick()` from a schedule.",
      );
    }
    noticeTokenLife(settings.auth.tokenLifeMs ?? 0);
    void inspectStore(settings, warn);
  };
  return { noticeUse, noticeExpected, noticeTokenLife };
}

async function inspectStore(
  { store, callStore }: Settings,
  warn: (code: WarningCode, message: string) => void,
): Promise<void> {
  const { inspect } = store;
  if (inspect === undefined) return;
  try {
    const { warnings } = await callStore(() => inspect.call(store));
    for (const text of warnings) warn("store_settings", text);
  } catch (thrown) {
    const why = describeCause(thrown);
    warn("store_unavailable", `The store's settings could not be looked at. ${why}`);
  }
}
