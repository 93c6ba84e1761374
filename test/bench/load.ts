/**
 * The load's process: `load.js <url> <server> [connections] [first job]`. Every message is a time in seconds; it delivers
 * for so long, and tells what came of it. Dies of the first load with a wrong, late or missing
 * answer. Ends with its parent.
 *
 * @module
 */
import autocannon from "autocannon";
import { postBy } from "./delivery.ts";
import { answerOf, serverOf, type ServerName } from "./servers.ts";
import { quantile } from "./statistics.ts";

/** As long as Abstrakt waits for an answer. */
const TIMEOUT_SECONDS = 10;
/** How far a load may outlast its time. */
const SAMPLE_MS = 50;

/** What came of a load. */
export interface Load {
  /** One more for each connection than was answered, since the end cuts the last ones off. */
  readonly sent: number;
  /** Every one a 200 with the expected body. */
  readonly answered: number;
  readonly seconds: number;
  /** Half of the answers took longer. */
  readonly p50Ms: number;
  /** Of a hundred answers, one took longer. */
  readonly p99Ms: number;
}

const [url, server, ...numbers] = process.argv.slice(2) as [string, ServerName, ...string[]];
const [connections = 64, firstJob = 0] = numbers.map(Number);
const expected = answerOf(server);
const toPost = postBy[serverOf(server).sender ?? "unsigned"];
let jobs = firstJob;

process.on("disconnect", () => process.exit());
process.on("message", (seconds) => void tell(seconds as number));

async function tell(seconds: number): Promise<void> {
  process.send?.(await runLoad(seconds));
}

/** One delivery in flight on each keep-alive connection, every one with a job id of its own. */
async function runLoad(duration: number): Promise<Load> {
  const jobsBefore = jobs;
  let refused: string | undefined;
  const times: number[] = [];
  const run = autocannon({
    url,
    method: "POST",
    requests: [{ setupRequest: (request) => ({ ...request, ...toPost(jobs++) }) }],
    connections,
    duration,
    sampleInt: SAMPLE_MS,
    timeout: TIMEOUT_SECONDS,
    bailout: 1,
    verifyBody: (body) => {
      if (body === expected) return true;
      refused ??= body;
      return false;
    },
  });
  run.on("response", (_client, _status, _bytes, ms) => times.push(ms));
  const { requests, statusCodeStats, errors, mismatches, ...result } = await run;
  const sent = jobs - jobsBefore;
  const answered = statusCodeStats["200"]?.count ?? 0;
  // A server that closes a connection is no error to autocannon: what was in flight is sent anew.
  const lost = sent - answered - connections;
  if (answered !== requests.total || lost > 0 || errors > 0 || mismatches > 0) {
    const found = JSON.stringify({ statusCodeStats, errors, mismatches, lost, refused });
    throw new Error(`Expected every answer of ${server} to be 200 ${expected}, got ${found}.`);
  }
  const [p50Ms, p99Ms] = [quantile(times, 0.5), quantile(times, 0.99)];
  return { sent, answered, seconds: result.duration, p50Ms, p99Ms };
}
