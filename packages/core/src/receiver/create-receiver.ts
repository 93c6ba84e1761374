import { mintUrl } from "../auth/combine-auths.ts";
import { requireDuration } from "../checks.ts";
import { unsupported } from "../errors.ts";
import { readValue } from "../payload/read-payload.ts";
import { requireDeadLetters } from "../store/capabilities.ts";
import { awaitResult } from "./await-result.ts";
import { createEmit } from "./events/emit.ts";
import { createApiOutage, createStoreOutage } from "./events/outage.ts";
import { handle } from "./http/handle.ts";
import { fetchDelivery } from "./http/web-delivery.ts";
import { announce, intake } from "./intake.ts";
import { drain } from "./lifecycle/drain.ts";
import { createLoop, type Loop } from "./lifecycle/loop.ts";
import { createNotices } from "./lifecycle/notices.ts";
import type { Kit } from "./parts.ts";
import { expectJob } from "./provider/expect.ts";
import { createOutbound, type Outbound } from "./provider/outbound.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import type { DrainReport, Receiver } from "./receiver.ts";
import { toSettings } from "./settings.ts";
import { createKeepAlive, workAfter } from "./worker/after-answer.ts";
import { createWaits } from "./worker/waiters.ts";
import { createWorker } from "./worker/worker.ts";

const DRAIN_MS = 10_000;
const PAGE = 100;

/**
 * Makes a receiver: the one door for results, and the worker behind it. Pure construction: no
 * I/O, no environment, no timer until the first delivery, `start()` or `tick()`.
 *
 * An acknowledged result reaches the callback at least once, and exactly once barring a crash, a
 * lost lease or a handler that outlives its timeout. With a memory store this holds for the life
 * of the process.
 *
 * @throws AbstraktWebhookError `invalid_options`.
 *
 * @example
 * ```ts
 * const receiver = createReceiver({
 *   auth: "none",
 *   onSucceeded: async (job) => saveResult(job.job_id, job.output.items[0]?.url),
 *   onFailed: async (job) => markFailed(job.job_id, job.error.message),
 * });
 * const response = await receiver.fetch(request);
 * ```
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const settings = toSettings(options);
  const emit = createEmit(options.onEvent, options.clock);
  let draining: Promise<DrainReport> | undefined;

  const loop: Loop = createLoop(
    settings,
    emit,
    () => claimDue(),
    () => worker.slots.hasRoom(),
    () => outbound,
  );
  const waits = createWaits();
  const apiOutage = createApiOutage(emit);
  const worker = createWorker(settings, emit, waits, apiOutage, {
    wake: loop.wake,
    onFree: loop.onFree,
  });
  const claimDue = async () => (draining === undefined ? worker.claim() : []);
  const kit: Kit = {
    settings,
    emit,
    worker,
    waits,
    loop,
    keepAlive: createKeepAlive(options.background, emit),
    outage: createStoreOutage(emit),
    apiOutage,
    ...createNotices(settings, emit, loop.wasDriven),
    isDraining: () => draining !== undefined,
  };
  const { client } = options;
  const outbound: Outbound | undefined = client && createOutbound(kit, client);

  return {
    fetch: (request, runtime) => fetchDelivery(kit, request, runtime),
    handle: (delivery, runtime) => handle(kit, delivery, runtime),
    async ingest(payload) {
      const taken = await intake(kit, readValue(payload), "manual");
      announce(kit, taken);
      if (taken.work) void workAfter(kit, taken.work)();
      const { kind } = taken.outcome;
      return { kind: kind === "leased" ? "stored" : kind, jobId: taken.jobId };
    },
    async submit(model, input, o) {
      if (outbound?.submit) return outbound.submit(model, input, o);
      throw unsupported(
        "`submit` needs a `client` with `run`, such as createClient; this receiver has none.",
      );
    },
    async webhookUrl(o) {
      const { url } = await mintUrl(settings.auth, o);
      kit.noticeTokenLife(o?.expiresInMs ?? 0);
      return url;
    },
    expect: (jobId, o) => expectJob(kit, jobId, o),
    result: (jobId, o) => awaitResult(kit, jobId, o),
    async list(o = {}) {
      const letters = requireDeadLetters(settings.store, "list");
      return settings.callStore(() => letters.list({ ...o, limit: o.limit ?? PAGE }));
    },
    async redrive(jobId) {
      const letters = requireDeadLetters(settings.store, "redrive");
      const redriven = await settings.callStore(() => letters.redrive(jobId));
      if (redriven) loop.wake(0);
      return redriven;
    },
    tick: loop.tick,
    start: loop.start,
    async idle() {
      do {
        await outbound?.idle();
        await worker.slots.empty();
      } while (
        (await claimDue()).length +
          ((await outbound?.claim()) ?? []).length +
          worker.slots.taken() >
        0
      );
    },
    async drain({ timeoutMs = DRAIN_MS } = {}) {
      requireDuration("timeoutMs", timeoutMs);
      loop.stop();
      if (draining === undefined) {
        outbound?.stop();
        draining = drain(settings, emit, worker, outbound?.idle(), timeoutMs);
        waits.tellAll();
      }
      return draining;
    },
  };
}

/** A receiver as it is, or one made of options. @throws AbstraktWebhookError `invalid_options`. */
export function toReceiver(source: Receiver | ReceiverOptions): Receiver {
  return "handle" in source ? source : createReceiver(source);
}
