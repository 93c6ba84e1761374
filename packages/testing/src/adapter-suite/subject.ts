import {
  createReceiver,
  type JobClient,
  memoryStore,
  standardWebhooks,
  type Auth,
  type HandlerContext,
  type JobResult,
  type JobStore,
  type Receiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/adapter";
import { requireOptions } from "../checks.ts";
import { breakImmediate } from "./break-immediate.ts";
import { createCallback } from "./callbacks.ts";
import type { AdapterSetup } from "./setup.ts";
import { SECRET } from "./sign.ts";
import type { SubjectCall, SubjectControls } from "./target.ts";

/** The receiver that a test mounts, and the controls that the suite calls. */
export interface Subject {
  readonly receiver: Receiver;
  readonly controls: SubjectControls;
}

const SETUP_NAMES: readonly string[] = [
  "callback",
  "slowMs",
  "poll",
  "auth",
  "store",
  "immediate",
  "maxLive",
  "ack",
  "retry",
  "limits",
] satisfies (keyof AdapterSetup)[];
const DRAIN_MS = 50;
const MAX_RECORDS = 10_000;

/**
 * Makes the receiver that a setup describes, and records its calls and events.
 *
 * @throws AbstraktWebhookError `invalid_options` for an unknown field, or one that no receiver takes.
 *
 * @example
 * ```ts
 * const { receiver, controls } = createSubject(setup);
 * return { ...controls, fetch: (request) => receiver.fetch(request) };
 * ```
 */
export function createSubject(setup: AdapterSetup): Subject {
  checkedFor(createSubject, () => requireOptions("", SETUP_NAMES, setup));
  const calls: { -readonly [Key in keyof SubjectCall]: SubjectCall[Key] }[] = [];
  const dead: string[] = [];
  const refusals: string[] = [];
  const polls: string[] = [];
  const results = new Map<string, JobResult>();
  let ingests = 0;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });

  const rows = memoryStore(setup.maxLive === undefined ? {} : { maxLive: setup.maxLive });
  const store: JobStore = {
    ...rows,
    async ingest(delivery, o) {
      ingests += 1;
      if (setup.store === "failing") throw new Error("the store fails");
      if (setup.store === "silent") return new Promise<never>(() => undefined);
      const ingested = await rows.ingest(delivery, o);
      if (setup.immediate === "throws") breakImmediate();
      return ingested;
    },
  };
  const client: JobClient = {
    run: () => Promise.reject(new Error("no test submits")),
    async getJob(jobId) {
      polls.push(jobId);
      if (setup.poll === "held") await released;
      return results.get(jobId);
    },
  };
  const callback = createCallback(setup, released);
  // This function is not async, so that a callback's synchronous throw stays synchronous.
  const logged = (job: JobResult, ctx: HandlerContext): void | Promise<void> => {
    const { jobId, attempt } = ctx;
    const call = { jobId, attempt, status: job.status, ended: false };
    calls.push(call);
    const end = (): void => {
      call.ended = true;
    };
    const running = callback(job, ctx);
    return running ? running.then(end) : end();
  };

  const options: ReceiverOptions = {
    auth: toAuth(setup.auth),
    store,
    client,
    poll: { afterMs: 1 },
    onSucceeded: logged,
    onFailed: logged,
    onDead: (record) => void dead.push(record.jobId),
    onEvent: (event) => void (event.type === "refused" && refusals.push(event.reason)),
    ...(setup.ack && { ack: setup.ack }),
    ...(setup.retry && { retry: setup.retry }),
    ...(setup.limits && { limits: setup.limits }),
  };
  const receiver = checkedFor(createSubject, () => createReceiver(options));

  return {
    receiver,
    controls: {
      async report() {
        const { records } = await rows.list({ limit: MAX_RECORDS });
        return structuredClone({ calls, dead, refusals, ingests, polls, records });
      },
      async release() {
        release();
      },
      expect(result) {
        results.set(result.job_id, result);
        return receiver.expect(result.job_id);
      },
      async drain() {
        await receiver.drain({ timeoutMs: DRAIN_MS });
      },
    },
  };
}

function toAuth(kind: AdapterSetup["auth"] = "none"): Auth | "none" {
  if (kind === "none") return "none";
  if (kind === "signature") return standardWebhooks({ secrets: [SECRET] });
  return {
    admit({ url, header }) {
      if (kind === "throws") throw new Error("the admission fails");
      const bearer = header("Authorization")?.replace(/^Bearer /, "");
      const token = new URL(url, "http://localhost").searchParams.get("token") ?? bearer;
      return token?.startsWith("suite-") ? { binding: token } : false;
    },
  };
}
