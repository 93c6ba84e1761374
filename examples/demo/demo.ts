import { createReceiver, type Receiver, type ReceiverOptions } from "@abstrakt-webhooks/core";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { getJob, submitBatch, type Provider, type Submitted } from "./batch.ts";
import { checkAll } from "./check.ts";
import { startEndpoint, type Endpoint } from "./endpoint.ts";
import { toKey, toNext, toPlanted } from "./explain.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { toLine } from "./live.ts";
import type { Paint } from "./paint.ts";
import { toTable, toVerdicts } from "./report.ts";
import { postStrays } from "./strays.ts";
import { toTally } from "./tally.ts";

/** Options of `runDemo`. */
export interface DemoOptions {
  /** The same seed gives the same jobs with the same deliveries. Default: a new one. */
  readonly seed?: number;
  readonly paint: Paint;
  write(line: string): void;
  /** Called after the report. Both servers keep running until it resolves. */
  keepUp?(provider: Provider, endpoint: Pick<Endpoint, "url" | "pageUrl">): Promise<void>;
  /** For tests: another receiver to check. */
  createReceiver?(options: ReceiverOptions): Receiver;
}

/** Runs the demo. Returns the exit code: 0 if every check succeeded, else 1. */
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
  for (const line of [...toPlanted(paint), "", ...toKey(paint), ""]) write(line);
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
  const report = [...toTable(paint, tally), "", ...toVerdicts(paint, checks), "", ...toNext(paint)];
  for (const line of ["", ...report]) write(line);
  await options.keepUp?.(provider, endpoint);
  await simulator.close();
  await endpoint.close();
  return checks.every((check) => check.ok) ? 0 : 1;
}

/** Asks the provider for each job whose webhook did not come. The receiver ingests its result. */
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
