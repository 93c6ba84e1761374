import { DEFAULT_STORE_ADVICE } from "#default-store";
import { describeCause, describeError, toText } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { Emit, WarningCode } from "../events/events.ts";
import type { Notices } from "../parts.ts";
import type { Settings } from "../settings.ts";

/** From this number of receivers on memory stores, the process warns. */
const MAX_RECEIVERS = 20;
/** How many receivers of this process use a store that is not durable, without drained ones. */
let receivers = 0;
let warnedOfMany = false;

/** Warns once about each thing that a receiver lacks for production. */
export function createNotices(settings: Settings, emit: Emit): Notices {
  const { store, options, auth, storeIsDefault } = settings;
  const emitted = new Set<string>();
  let driven = false;
  let used = false;
  let isCounted = !store.traits.durable;
  if (isCounted) receivers += 1;
  const warnOnce = (code: WarningCode, message: string, about = "", jobId?: string): void => {
    if (!emitted.has(code + about)) emit(warning(code, message, jobId));
    emitted.add(code + about);
  };

  const notices: Notices = {
    firstUse() {
      if (used) return;
      used = true;
      if (storeIsDefault) warnOnce("default_store", DEFAULT_STORE_ADVICE);
      if (store.traits.durable && !driven) {
        warnOnce(
          "not_started",
          "The jobs that an earlier process left in the store do not run. Call `receiver.start()` at boot (a handler has its receiver as `.receiver`), or `receiver.tick()` from a schedule.",
        );
      }
      if (isCounted && receivers >= MAX_RECEIVERS && !warnedOfMany) {
        warnedOfMany = true;
        warnOnce(
          "many_receivers",
          `This process has made ${receivers} receivers on memory stores, and none of them knows what another has received. Make one receiver when the module loads, not one in the request handler.`,
        );
      }
      notices.tokenLife(auth.tokenLifeMs ?? 0);
      void listenForDropped(settings, emit);
      void inspectStore(settings, emit);
    },
    expected() {
      if (options.client !== undefined) return;
      warnOnce(
        "no_client",
        "Jobs are expected, but if their webhooks do not come, the receiver cannot ask for the results. Pass a `client`, such as one that `createClient` makes.",
      );
    },
    tokenLife(lifeMs) {
      const { doneTtlMs } = store.traits;
      if (lifeMs <= doneTtlMs) return;
      warnOnce(
        "short_retention",
        `The store forgets a handled result after ${doneTtlMs} ms, but a URL is valid for ${lifeMs} ms: a late duplicate is handled again. Raise the store's \`doneTtlMs\`, or lower \`expiresInMs\`.`,
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
    noCallback(name) {
      const status = name === "onFailed" ? "failed" : "succeeded";
      warnOnce(
        "no_callback",
        `A job ${status}, and the receiver has no \`${name}\`. Such results are marked done, and none of your code runs. Pass \`${name}\`, or an empty function if you read results in another way.`,
        name,
      );
    },
    noCallbacks() {
      warnOnce(
        "no_callback",
        "A result is stored, and the receiver has neither `onSucceeded` nor `onFailed`. Results wait in the store for a process that has them. If there is none, pass them here, or empty functions if you read results in another way.",
      );
    },
    urlRemoved(jobId) {
      warnOnce(
        "url_removed",
        `An item of job ${jobId} has a \`url\` that is not http(s), so the callback gets the item without it. The row's \`payload\` has it. Later ones are not reported.`,
        "",
        jobId,
      );
    },
    drained() {
      if (isCounted) receivers -= 1;
      isCounted = false;
    },
  };
  return notices;
}

/** Never rejects, although every method of a wrapped store may fail. */
async function listenForDropped({ store }: Settings, emit: Emit): Promise<void> {
  try {
    await store.onDropped?.((message) => emit(warning("store_full", message)));
  } catch {
    // The receiver then gets no report of dropped rows.
  }
}

async function inspectStore(settings: Settings, emit: Emit): Promise<void> {
  const { store, callStore, readiness } = settings;
  const { inspect } = store;
  if (inspect === undefined) return;
  try {
    const { warnings } = await callStore(() => inspect.call(store));
    for (const text of warnings) emit(warning("store_settings", text));
  } catch (thrown) {
    // A refused delivery or `start` has already warned about a store that is not ready.
    const isUsable = await readiness.ask().then(
      () => true,
      () => false,
    );
    if (!isUsable) return;
    const why = describeCause(thrown);
    emit(warning("store_unavailable", `The store's settings could not be read. ${why}`));
  }
}
