import { DEFAULT_STORE_ADVICE } from "#default-store";
import { describeCause, describeError, toText } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { Emit, WarningCode } from "../events/events.ts";
import type { Notices } from "../parts.ts";
import type { Settings } from "../settings.ts";

/** Warns once, when a receiver is first used, about what it should not lack in production. */
export function createNotices(settings: Settings, emit: Emit): Notices {
  const { store, options, auth, storeIsDefault } = settings;
  const given = new Set<WarningCode>();
  let driven = false;
  let used = false;
  const warnOnce = (code: WarningCode, message: string): void => {
    if (!given.has(code)) emit(warning(code, message));
    given.add(code);
  };

  const notices: Notices = {
    firstUse() {
      if (used) return;
      used = true;
      if (storeIsDefault) warnOnce("default_store", DEFAULT_STORE_ADVICE);
      if (store.traits.durable && !driven) {
        warnOnce(
          "not_started",
          "The store is durable, but nobody runs what an earlier process left in it. Call `receiver.start()` at boot, or `receiver.tick()` from a schedule.",
        );
      }
      notices.tokenLife(auth.tokenLifeMs ?? 0);
      void inspectStore(settings, emit);
    },
    expected() {
      if (options.client !== undefined) return;
      warnOnce(
        "no_client",
        "Jobs are expected, but nobody asks for them when their webhooks do not come. Pass a `client` such as createClient's.",
      );
    },
    tokenLife(lifeMs) {
      const { doneTtlMs } = store.traits;
      if (lifeMs <= doneTtlMs) return;
      warnOnce(
        "short_retention",
        `The store forgets a handled result after ${doneTtlMs} ms, but a URL lets deliveries in for ${lifeMs} ms: a late one is handled again. Raise the store's \`doneTtlMs\`, or lower \`expiresInMs\`.`,
      );
    },
    refusedStart(thrown) {
      warnOnce(
        "not_startable",
        `The host's \`setImmediate\` did not start a callback (${toText(describeError(thrown))}). Callbacks start by a timer or a message instead.`,
      );
    },
    driven() {
      driven = true;
    },
  };
  return notices;
}

async function inspectStore({ store, callStore }: Settings, emit: Emit): Promise<void> {
  const { inspect } = store;
  if (inspect === undefined) return;
  try {
    const { warnings } = await callStore(() => inspect.call(store));
    for (const text of warnings) emit(warning("store_settings", text));
  } catch (thrown) {
    const why = describeCause(thrown);
    emit(warning("store_unavailable", `The store's settings could not be looked at. ${why}`));
  }
}
