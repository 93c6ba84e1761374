import { mintUrl } from "../auth/combine-auths.ts";
import { requireAwaited, requireDuration, requireFunction } from "../checks.ts";
import { checkedFor, invalidOptions, unsupported } from "../errors.ts";
import { requireJobId } from "../payload/job-id.ts";
import { readValue } from "../payload/read-payload.ts";
import { requireDeadLetters } from "../store/capabilities.ts";
import { requireNoRequest } from "../wrong-adapter.ts";
import { awaitResult } from "./await-result.ts";
import { createEvents, guarded } from "./events/emit.ts";
import { createApiOutage, createStoreOutage } from "./events/outage.ts";
import { handle } from "./http/handle.ts";
import { fetchDelivery } from "./http/web-delivery.ts";
import { emitDelivery, storeDelivery } from "./store-delivery.ts";
import { drain } from "./lifecycle/drain.ts";
import { createLoop } from "./lifecycle/claim-loop.ts";
import { createNotices } from "./lifecycle/notices.ts";
import { listJobs } from "./list-jobs.ts";
import { requireMethodOptions, type MethodWithOptions } from "./method-options.ts";
import type { Parts } from "./parts.ts";
import { expectJob } from "./provider/expect.ts";
import { createOutbound } from "./provider/outbound.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";
import type { DrainReport } from "./reports.ts";
import { toSettings } from "./settings.ts";
import { createKeepAlive, workAfter } from "./worker/after-answer.ts";
import { createAlarm } from "./worker/alarm.ts";
import { createWaiters } from "./worker/waiters.ts";
import { createWorker } from "./worker/worker.ts";

const DRAIN_MS = 10_000;

/**
 * Makes a receiver, which stores results and runs your callbacks. The receiver does no I/O, reads
 * no environment and sets no timer until the first delivery, `start()` or `tick()`. Make it outside
 * of requests: retries, and results that waited for a slot, run in the async context of this call.
 *
 * When a result is acknowledged, its callback will run. It normally runs exactly once. After a
 * crash, a lost lease or a timeout it may run again. With a memory store this is true until the
 * process ends.
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
  const settings = checkedFor(createReceiver, () => toSettings(options));
  const { store, callStore, auth } = settings;
  let draining: Promise<DrainReport> | undefined;

  const { emit, subscribe, callOnDrain, hasListeners } = createEvents(
    () => options.onEvent,
    auth.advice,
    options.clock,
  );
  const alarm = createAlarm(settings.now, settings.inOwnContext);
  const waiters = createWaiters();
  const apiOutage = createApiOutage(emit);
  const notices = createNotices(settings, emit);
  const worker = createWorker({ settings, emit, hasListeners, alarm, waiters, apiOutage, notices });
  const parts: Parts = {
    settings,
    emit,
    hasListeners,
    alarm,
    waiters,
    worker,
    keepAlive: createKeepAlive(options.background, emit),
    storeOutage: createStoreOutage(emit),
    apiOutage,
    notices,
    reported: new Set(),
    isDraining: () => draining !== undefined,
  };
  const outbound = options.client && createOutbound(parts, options.client);
  const loop = createLoop(parts, outbound);

  const check = (method: MethodWithOptions, o: unknown, checkOthers?: () => void): void =>
    checkedFor(receiver[method], () => {
      requireMethodOptions(method, o);
      checkOthers?.();
    });

  const receiver: Receiver = {
    fetch: (request, runtime) => fetchDelivery(parts, request, runtime),
    handle: (delivery, runtime) => handle(parts, delivery, runtime),
    async ingest(payload) {
      const report = await storeDelivery(parts, readValue(payload), "manual");
      emitDelivery(parts, report);
      if (report.work) void workAfter(parts, report.work)();
      const { kind } = report.outcome;
      return { kind: kind === "leased" ? "stored" : kind, jobId: report.delivery.jobId };
    },
    async submit(model, input, o) {
      check("submit", o, () => requireAwaited("input", input));
      if (outbound?.submit) return outbound.submit(model, input, o);
      throw unsupported(
        "`submit` needs a `client` with `run`, such as createClient; this receiver has none.",
      );
    },
    async webhookUrl(o) {
      check("webhookUrl", o);
      const { url } = await mintUrl(auth, o);
      parts.notices.tokenLife(o?.expiresInMs ?? 0);
      return url;
    },
    async expect(jobId, o) {
      check("expect", o, () => requireJobId(jobId));
      return expectJob(parts, jobId, o);
    },
    async result(jobId, o) {
      check("result", o, () => requireJobId(jobId));
      return awaitResult(parts, jobId, o);
    },
    async list(o) {
      check("list", o);
      return listJobs(settings, o);
    },
    async stats() {
      const letters = requireDeadLetters(store, "stats");
      return callStore(() => letters.stats());
    },
    async redrive(jobId) {
      const letters = requireDeadLetters(store, "redrive");
      const redriven = await callStore(() => letters.redrive(jobId));
      if (redriven) alarm.wake(0);
      return redriven;
    },
    subscribe(listener, onDrain) {
      requireFunction("listener", listener);
      if (onDrain !== undefined) requireFunction("onDrain", onDrain);
      return subscribe(listener, onDrain);
    },
    ready: settings.readiness.ask,
    tick: loop.tick,
    start: loop.start,
    idle: loop.idle,
    // No check of other options: as a hook or a signal's listener, `drain` gets what its caller passes.
    async drain({ timeoutMs = DRAIN_MS } = {}) {
      requireDuration("timeoutMs", timeoutMs);
      alarm.stop();
      if (draining === undefined) {
        outbound?.stop();
        notices.drained();
        draining = drain(parts, outbound?.idle(), timeoutMs).finally(
          () => void (detach && guarded("instrumentation.detach", detach)),
        );
        waiters.notifyAll();
        callOnDrain();
      }
      return draining;
    },
  };
  const detach = options.instrumentation?.attach(receiver);
  return receiver;
}

/**
 * Returns a receiver unchanged, or makes one from options.
 *
 * @param caller the function that users call. An error's stack begins at that call.
 * @param create makes the receiver from options.
 * @throws AbstraktWebhookError `invalid_options`.
 */
export function toReceiver(
  source: Receiver | ReceiverOptions,
  caller: (...args: never[]) => unknown = toReceiver,
  create: (options: ReceiverOptions) => Receiver = createReceiver,
): Receiver {
  return checkedFor(caller, () => {
    if (typeof source === "function" && "receiver" in source) {
      throw invalidOptions(
        "Expected a receiver or receiver options, got a handler made of one. Pass its `.receiver`.",
      );
    }
    const isReceiver = typeof source === "object" && source !== null && "handle" in source;
    if (isReceiver) return source;
    requireNoRequest(source);
    return create(source);
  });
}
