import { checkedFor } from "@abstrakt-webhooks/core/adapter";
import { definedOf } from "../defined.ts";
import { sleep as sleepByTimer } from "../sleep.ts";
import { createAbortScope } from "./abort-scope.ts";
import { wallClock } from "./clock.ts";
import { createCourier, type DeliveryRecord } from "./delivery.ts";
import { toResult, type SimulatedJob } from "./job.ts";
import { serveOnLoopback, type App, type Listening } from "./listen.ts";
import type { SimulatedModel } from "./models.ts";
import {
  requireKnobs,
  requireSimulatorOptions,
  toBehaviour,
  type SimulatorKnobs,
  type SimulatorOptions,
} from "./options.ts";
import { planJob } from "./plan.ts";
import { freshSeed } from "./random.ts";
import { importPeer } from "./import-peer.ts";
import type { Backend } from "./routes.ts";

/** A simulated Abstrakt. */
export interface Simulator {
  /** The seed. Another simulator with this seed makes the same jobs. */
  readonly seed: number;
  /**
   * Changes the behaviour for all jobs that are submitted later. A knob that is absent or
   * `undefined` keeps its value. After a change of `seed` the numbering of jobs continues, so that
   * no job id repeats.
   *
   * @throws AbstraktWebhookError as `createSimulator` does. An error changes nothing.
   */
  configure(knobs: SimulatorKnobs): void;
  /** The only bearer key that is accepted. */
  readonly apiKey: string;
  /** Answers a request in process. */
  fetch(request: Request): Promise<Response>;
  /** Serves by {@link serveOnLoopback} and returns the base URL. Default: a free port. */
  listen(port?: number): Promise<string>;
  /** Stops serving and drops all pending deliveries. Then it rejects as `idle` does. */
  close(): Promise<void>;
  /**
   * Resolves when no job runs and no delivery is pending. If your `onDelivery`, `sleep` or `clock`
   * has failed, it then rejects with the first error.
   */
  idle(): Promise<void>;
  /** All jobs in order of submission, as they are now. */
  jobs(): readonly SimulatedJob[];
  /** All attempts to deliver in the order in which they ended. */
  deliveries(): readonly DeliveryRecord[];
}

/**
 * Makes a simulated provider. It accepts jobs, waits for the latency of each, and posts the results
 * to their `webhook_url`. The options set the faults. Use the simulator in process by `fetch`, or
 * over HTTP by `listen`.
 *
 * A submission can set its own result and deliveries by `input.simulate`, see `ForcedPlan`.
 *
 * @throws AbstraktWebhookError `invalid_options` for an unknown option or a value out of range.
 * `fetch` and `listen` reject with `unsupported` when `hono` is not installed.
 *
 * @example
 * ```ts
 * const simulator = createSimulator({ seed: 7, duplicateRate: 0.2 });
 * const baseUrl = await simulator.listen();
 * await fetch(`${baseUrl}/v1/models/simulated-video/run`, {
 *   method: "POST",
 *   headers: { authorization: `Bearer ${simulator.apiKey}` },
 *   body: JSON.stringify({ input: { prompt: "waves" }, webhook_url: "http://localhost:3000/api/abstrakt-webhook" }),
 * });
 * await simulator.idle();
 * await simulator.close();
 * ```
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  checkedFor(createSimulator, () => requireSimulatorOptions(options));
  const { apiKey = "sim_key", timeoutMs = 10_000 } = options;
  const { clock = wallClock, sleep = sleepByTimer } = options;
  const { resend = { maxAttempts: 1, minDelayMs: 0 } } = options;
  let knobs: SimulatorKnobs = options;
  let behaviour = checkedFor(createSimulator, () => toBehaviour(knobs));
  let seed = options.seed ?? checkedFor(createSimulator, freshSeed);
  const jobs = new Map<string, SimulatedJob>();
  const deliveries: DeliveryRecord[] = [];
  const running = new Set<Promise<unknown>>();
  const scope = createAbortScope();
  let failure: { readonly thrown: unknown } | undefined;
  let server: Listening | undefined;

  const deliver = createCourier({
    timeoutMs,
    resend,
    scope,
    fetch: options.fetch ?? ((request) => fetch(request)),
    sleep,
    async onDelivery(record) {
      deliveries.push(record);
      await track(scope.run(async () => options.onDelivery?.(record)));
    },
  });

  /** Lets `idle` and `close` wait for a task and throw its error. The result never rejects. */
  const track = (task: Promise<unknown>): Promise<unknown> => {
    const tracked = task
      .catch((thrown: unknown) => {
        if (thrown !== scope.closed) failure ??= { thrown };
      })
      .finally(() => running.delete(tracked));
    running.add(tracked);
    return tracked;
  };

  const finish = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
    if (failure !== undefined) throw failure.thrown;
  };

  const run = async (job: SimulatedJob, model: SimulatedModel, origin: string): Promise<void> => {
    const { plan, jobId, webhookUrl } = job;
    await scope.run(async (signal) => sleep(plan.latencyMs, signal));
    const result = toResult(plan, model, origin, clock());
    jobs.set(jobId, { ...job, result });
    if (webhookUrl === undefined) return;
    const sent: Promise<unknown>[] = [];
    for (const { kind, afterMs } of plan.deliveries) {
      if (kind !== "duplicate") await Promise.all(sent);
      const due = scope.run(async (signal) => sleep(afterMs, signal));
      sent.push(track(due.then(() => deliver(webhookUrl, result, kind))));
    }
    await Promise.all(sent);
  };

  const submit: Backend["submit"] = (modelId, model, origin, submission) => {
    const { forced, webhookUrl = options.webhookUrl } = submission;
    const plan = planJob(seed, jobs.size, behaviour, forced);
    const job = {
      jobId: plan.jobId,
      modelId,
      plan,
      ...(webhookUrl !== undefined && { webhookUrl }),
    };
    jobs.set(job.jobId, job);
    void track(run(job, model, origin));
    return job;
  };

  let importing: Promise<App> | undefined;
  const importApp = async (): Promise<App> => {
    const { createRoutes } = await importPeer("hono", () => import("./routes.ts"));
    return createRoutes({ apiKey, submit, find: (jobId) => jobs.get(jobId) });
  };
  const app = (): Promise<App> => (importing ??= importApp());

  return {
    get seed() {
      return seed;
    },
    configure(changes) {
      requireKnobs(changes);
      const changed = { ...knobs, ...definedOf(changes) };
      behaviour = toBehaviour(changed);
      knobs = changed;
      seed = changes.seed ?? seed;
    },
    apiKey,
    fetch: async (request) => (await app()).fetch(request),
    async listen(port = 0) {
      server = await serveOnLoopback(await app(), port);
      return server.url;
    },
    async close() {
      scope.abort();
      await server?.close();
      await finish();
    },
    idle: finish,
    jobs: () => [...jobs.values()],
    deliveries: () => [...deliveries],
  };
}
