/**
 * The process of a burst: `scale/burst-load.js <url>`. It sends so many results in so many seconds, as
 * it is asked, and repeats those that are answered 503 when the answer says. Tells what came of it.
 * Dies of any other answer. Ends with its parent.
 *
 * @module
 */
import { Agent, request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCEPTED, postBy } from "../delivery.ts";
import { quantile } from "../statistics.ts";

/** How much is sent. */
export interface Burst {
  readonly results: number;
  readonly seconds: number;
}

/** What came of a burst. */
export interface BurstLoad {
  readonly refused: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** From the first delivery to the last answer of 200. */
  readonly acceptedMs: number;
}

const DUPLICATE = '{"received":true,"duplicate":true}';

const CONNECTIONS = 256;

const url = process.argv[2] ?? "";
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const times: number[] = [];
let refused = 0;

process.on("disconnect", () => process.exit());
process.on("message", (burst) => void run(burst as Burst));

async function run({ results, seconds }: Burst): Promise<void> {
  const start = performance.now();
  const sent: Promise<void>[] = [];
  for (; sent.length < results; await sleep(5)) {
    const due = Math.min(results, ((performance.now() - start) / 1_000 / seconds) * results);
    while (sent.length < due) sent.push(deliver(sent.length));
  }
  await Promise.all(sent);
  const acceptedMs = performance.now() - start;
  agent.destroy();
  const [p50Ms, p99Ms] = [quantile(times, 0.5), quantile(times, 0.99)];
  process.send?.({ refused, p50Ms, p99Ms, acceptedMs } satisfies BurstLoad);
}

/** Until it is accepted. */
async function deliver(job: number): Promise<void> {
  const { body, headers } = postBy.unsigned(job);
  const all = { ...headers, "content-length": Buffer.byteLength(body) };
  for (let isRepeat = false; ; isRepeat = true) {
    let sentMs = Number.NaN;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { method: "POST", agent, headers: all }, resolve)
        .on("error", reject)
        // A delivery may wait for a free connection.
        .on("socket", () => (sentMs = performance.now()))
        .end(body);
    });
    const answer = await text(response);
    if (
      response.statusCode === 200 &&
      (answer === ACCEPTED || (isRepeat && answer === DUPLICATE))
    ) {
      times.push(performance.now() - sentMs);
      return;
    }
    if (response.statusCode !== 503) {
      throw new Error(`Expected 200 ${ACCEPTED} or 503, got ${response.statusCode} ${answer}.`);
    }
    refused += 1;
    await sleep(Number(response.headers["retry-after"]) * 1_000);
  }
}
