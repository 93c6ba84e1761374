import { createReceiver, type Receiver, type ReceiverOptions } from "@abstrakt-webhooks/core";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { batch, getJob, submitBatch, type Provider, type Submitted } from "./batch.ts";
import { checkAll } from "./check.ts";
import { startEndpoint, type Endpoint } from "./endpoint.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { toLine } from "./live.ts";
import type { Paint } from "./paint.ts";
import { toTable, toVerdicts } from "./report.ts";
import { postStrays } from "./strays.ts";
import { toTally } from "./tally.ts";

/** How the demo runs. */
export interface DemoOptions {
  /** The same seed gives the same jobs with the same fate. Default: a new one. */
  readonly seed?: number;
  readonly paint: Paint;
  write(line: string): void;
  /** Called once the batch is over; both servers stay up until it resolves. */
  keepUp?(provider: Provider, webhookUrl: string): Promise<void>;
  /** For tests: another receiver to be judged. */
  createReceiver?(options: ReceiverOptions): Receiver;
}

/** Runs the demo; answers the exit code: 0 when all checks held, else 1. */
export async function runDemo(options: DemoOptions): Promise<0 | 1> {
  const { paint, write } = options;
  const ledger = createLedger();
  const about = new Map<string, string>();
  const startedAtMs = performance.now();
  const simulator = createSimulator({
    latency: { minMs: 200, maxMs: 1_600 },
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  const provider = { baseUrl: await simulator.listen(), apiKey: simulator.apiKey };
  const endpoint = await startEndpoint(
    ledger,
    (event) => {
      ledger.note(event);
      const jobId = ("jobId" in event && event.jobId) || "";
      const sinceMs = performance.now() - startedAtMs;
      const line = toLine(paint, event, { sinceMs, about: about.get(jobId) ?? "" });
      if (line !== undefined) write(line);
    },
    options.createReceiver ?? createReceiver,
  );

  write(
    `${paint("bold", "Abstrakt webhooks")}: results received over real HTTP, seed ${simulator.seed}`,
  );
  write(`  provider  ${provider.baseUrl} (simulated)`);
  write(`  endpoint  ${endpoint.url} (examples/express)`);
  write("");
  write(
    `Submitting ${batch.length} jobs. Results come late, doubled, cut off, contradicted or never:`,
  );
  write("");
  const submitted = await submitBatch(provider, endpoint.url, ({ jobId, media, fate }) => {
    about.set(jobId, fate.status === "failed" ? "failed" : media);
  });
  const strays = await postStrays(endpoint.url);
  await simulator.idle();
  await fetchMissing(provider, endpoint, ledger, submitted);
  await endpoint.quiet();

  const [jobs, sent] = [simulator.jobs(), simulator.deliveries()];
  const tally = toTally({ submitted, jobs, sent, strays, ledger });
  const checks = checkAll(tally);
  for (const line of ["", ...toTable(paint, tally), "", ...toVerdicts(paint, checks)]) write(line);
  await options.keepUp?.(provider, endpoint.url);
  await simulator.close();
  await endpoint.close();
  return checks.every((check) => check.ok) ? 0 : 1;
}

/** Whose webhook never came is asked for, and goes through the same door as a webhook. */
async function fetchMissing(
  provider: Provider,
  { receiver }: Endpoint,
  ledger: Ledger,
  submitted: readonly Submitted[],
): Promise<void> {
  const arrived = new Set(ledger.events("stored").map((event) => event.jobId));
  for (const { jobId } of submitted) {
    if (!arrived.has(jobId)) await receiver.ingest(await getJob(provider, jobId));
  }
}
