import { redactUrl } from "@abstrakt-webhooks/core";
import { inspectSource } from "@abstrakt-webhooks/inspector";
import {
  createSimulator,
  serveOnLoopback,
  type DeliveryRecord,
  type Listening,
  type Simulator,
} from "@abstrakt-webhooks/testing/simulator";
import { wallClock } from "../clock.ts";
import { notWell } from "../errors.ts";
import { printable, type Output } from "../output.ts";
import { createPageSource } from "./page-source.ts";
import {
  createCurrentKnobs,
  toSimulatorKnobs,
  type KnobValues,
  type CurrentKnobs,
} from "./knobs.ts";
import { watchReachability } from "./reachability.ts";
import type { Recording } from "./recording.ts";

/** The options of a session. */
export interface SessionOptions {
  readonly port: number;
  readonly apiKey: string;
  readonly forward?: string | undefined;
  readonly seed?: number | undefined;
  readonly values: KnobValues;
  readonly record?: Recording | undefined;
}

/** A simulator that listens, and whose deliveries are printed. */
export interface Session {
  readonly simulator: Simulator;
  readonly baseUrl: string;
  readonly currentKnobs: CurrentKnobs;
  close(): Promise<void>;
}

/** The model of the jobs that `dev` submits itself. */
const MODEL = "nano-banana-pro-edit";

/**
 * Starts a simulator on a loopback port and prints what it does.
 *
 * @throws AbstraktWebhookError when another program uses the port.
 */
export async function startSession(options: SessionOptions, output: Output): Promise<Session> {
  const { port, apiKey, forward, seed, values, record } = options;
  const reachability = watchReachability((origin, reachable) => {
    const words = reachable
      ? output.colors.green(`The app at ${origin} is reachable again.`)
      : output.colors.yellow(
          `The app at ${origin} is not reachable. Start it, or correct its URL. Until then webhooks to it are lost.`,
        );
    output.result(
      { event: reachable ? "reachable" : "unreachable", atMs: wallClock(), origin },
      words,
    );
  });
  const simulator = createSimulator({
    apiKey,
    ...(forward !== undefined && { webhookUrl: forward }),
    ...(seed !== undefined && { seed }),
    ...toSimulatorKnobs(values),
    onDelivery(delivery) {
      source.delivered(delivery);
      record?.(delivery);
      printDelivery(delivery, output);
      if (delivery.error === "network") reachability.missed(delivery.url);
      else reachability.answered(delivery.url);
    },
  });
  const currentKnobs = createCurrentKnobs(simulator, values);
  const source = createPageSource(simulator, currentKnobs, {
    forward,
    submit: () => submitJob({ simulator, baseUrl: server.url }),
  });
  // Only this machine can reach the page: the server checks the `Host` of each request.
  const page = inspectSource(source, { authorize: () => true, basePath: "/", replay: true });
  const server = await serve(async (request) => {
    if (!isForSimulator(request)) return page.fetch(request);
    const answer = await simulator.fetch(request);
    source.submitted();
    return answer;
  }, port);
  if (forward !== undefined) reachability.check(forward);
  return {
    simulator,
    baseUrl: server.url,
    currentKnobs,
    async close() {
      reachability.stop();
      page.close();
      await Promise.all([simulator.close(), server.close()]);
    },
  };
}

const isForSimulator = ({ url }: Request): boolean =>
  /^\/(v1|outputs)\//.test(new URL(url).pathname);

async function serve(
  answer: (request: Request) => Promise<Response>,
  port: number,
): Promise<Listening> {
  try {
    return await serveOnLoopback({ fetch: answer }, port);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EADDRINUSE") throw thrown;
    throw notWell(
      `Expected port ${port} to be free, got another program on it. Pass another --port.`,
    );
  }
}

function printDelivery(delivery: DeliveryRecord, { colors, result }: Output): void {
  const { jobId, kind, attempt, status, error, body, url, durationMs } = delivery;
  const ms = Math.round(durationMs);
  const answer = status === undefined ? { error } : { status, body };
  const atMs = wallClock();
  const accepted = status !== undefined && status >= 200 && status < 300;
  const outcome = accepted ? colors.green(`${status}`) : colors.red(`${status ?? error}`);
  const time = new Date(atMs).toISOString().slice(11, 19);
  const text = typeof body === "string" ? body.slice(0, 200) : body;
  result(
    { event: "delivery", atMs, jobId, kind, attempt, url: redactUrl(url), ms, ...answer },
    `${colors.dim(time)}  ${printable(jobId)}  ${kind === "normal" ? "result" : kind}  ${outcome}  ${ms} ms  ${text === undefined ? "" : printable(JSON.stringify(text))}`,
  );
}

/** Submits a job whose result goes to `--forward`. */
export async function submitJob({
  simulator,
  baseUrl,
}: Pick<Session, "simulator" | "baseUrl">): Promise<void> {
  await simulator.fetch(
    new Request(`${baseUrl}/v1/models/${MODEL}/run`, {
      method: "POST",
      headers: { authorization: `Bearer ${simulator.apiKey}` },
      body: JSON.stringify({ input: { prompt: "a beach" } }),
    }),
  );
}

/** The shell command that submits a job. */
export const toCurl = (baseUrl: string, apiKey: string, webhookUrl?: string): string =>
  `curl ${baseUrl}/v1/models/${MODEL}/run -H "authorization: Bearer ${apiKey}" -d '${JSON.stringify(
    { input: { prompt: "a beach" }, webhook_url: webhookUrl },
  )}'`;
