import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createReceiver, memoryStore, type JobStore } from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";
import { startBackends } from "./backends.ts";
import { jobIdOf, postBy } from "./delivery.ts";
import { PAGE_PATH } from "./mounted.ts";
import { fetchText } from "./page-viewer.ts";
import { openStore, type Opened } from "./stores.ts";
import { median } from "./statistics.ts";

/** How many times longer the front page may take over a full store than over an empty one. */
const MAX_RATIO = 3;
const JOBS = 100_000;
const SAMPLES = 300;
const WARM_UP = 200;
const AT_ONCE = 512;
const HELD = { owner: "bench", leaseMs: 600_000 };

/** D1 is left out: it runs SQLite's statements, and how far its database is decides the rest. */
const openOf: Record<string, () => Promise<Opened>> = {
  memory: async () => ({ store: memoryStore(), close: async () => undefined }),
  ...openStore,
};

/** Times the front page over each store, full and empty in turn. Answers whether all are met. */
export async function benchFronts(): Promise<boolean> {
  const title = `The front page over an empty store and one of ${JOBS.toLocaleString("en")} jobs, medians of ${SAMPLES}, at most ${MAX_RATIO.toFixed(2)}`;
  console.log(title);
  const backends = await startBackends();
  let isMet = true;
  for (const [name, open] of Object.entries(openOf)) {
    const [full, empty] = [await open(), await open()];
    await fill(full.store);
    await full.settled?.();
    const ms = await compare(full.store, empty.store);
    await Promise.all([full.close(), empty.close()]);
    const ratio = ms.full / ms.empty;
    isMet &&= ratio <= MAX_RATIO;
    const verdict = ratio <= MAX_RATIO ? "met" : "MISSED";
    console.log(
      `  ${name.padEnd(9)} ${ms.empty.toFixed(2)} ms, with jobs ${ms.full.toFixed(2)} ms: ratio ${ratio.toFixed(2)}, ${verdict}`,
    );
  }
  await backends.stop();
  console.log("");
  return isMet;
}

/** Of twenty jobs one waits, one is dead, and the others are done. */
async function fill(store: JobStore): Promise<void> {
  let next = 0;
  const fillOne = async (): Promise<void> => {
    while (next < JOBS) {
      const index = next++;
      const isWaiting = index % 20 === 0;
      const ingested = await store.ingest(deliveryOf(index), {
        ...HELD,
        leaseMs: isWaiting ? 0 : HELD.leaseMs,
      });
      if (ingested.kind !== "leased") continue;
      const isDead = index % 20 === 1;
      await store.settle(
        ingested.lease,
        isDead ? { to: "dead", error: "Error: the archive is down" } : { to: "done" },
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fillOne));
}

const deliveryOf = (index: number) =>
  ({
    jobId: jobIdOf(index),
    fingerprint: "1-aaaaaaaaaa",
    payload: postBy.unsigned(index).body.toString(),
    source: "webhook",
  }) as const;

async function compare(full: JobStore, empty: JobStore): Promise<{ full: number; empty: number }> {
  const servers = { full: await serve(full), empty: await serve(empty) };
  const times: { full: number[]; empty: number[] } = { full: [], empty: [] };
  for (let sample = -WARM_UP; sample < SAMPLES; sample += 1) {
    for (const side of ["full", "empty"] as const) {
      const start = performance.now();
      await fetchText(servers[side].url);
      if (sample >= 0) times[side].push(performance.now() - start);
    }
  }
  servers.full.close();
  servers.empty.close();
  return { full: median(times.full), empty: median(times.empty) };
}

async function serve(store: JobStore): Promise<{ url: string; close(): void }> {
  const receiver = createReceiver({ auth: "none", store, onEvent: () => undefined });
  const page = inspector(receiver, { authorize: () => true });
  const server = createServer((request, response) => page.node(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${PAGE_PATH}`, close: () => void server.close() };
}
