import type { Backend } from "../backends/backend.ts";
import type { Campaign } from "../campaign.ts";
import type { HistoryEvent } from "../history/event.ts";
import { counted, type Outcome } from "../outcome.ts";
import { LEASE_MS, openRun, type ServerOptions } from "../run.ts";
import { pause } from "../sender.ts";
import type { Server } from "../server/start-server.ts";

const LEASES = 3;
/** Longer than the start of a successor, and so long that only the signal ends it. */
const LONG_MS = 60_000;
/** A callback that blocks for this time is still running when the process is stopped. */
const BLOCKED_MS = 300;

/**
 * Stops a worker for three leases during two callbacks. One waits for its signal. The other blocks,
 * so that it settles before the worker can learn that its lease has ended.
 */
export async function pausedWorker(
  campaign: Campaign,
  backend: Backend,
  server?: ServerOptions,
): Promise<Outcome> {
  const run = openRun(campaign, backend, server);
  const [waiting, blocking] = [`wait-${LONG_MS}-1`, `block-${BLOCKED_MS}-2`];
  try {
    const zombie = await run.serve();
    for (const jobId of [waiting, blocking]) {
      await run.sender.send(zombie.port, jobId);
      await run.seen((event) => event.kind === "started" && event.jobId === jobId);
    }
    zombie.signal("SIGSTOP");
    await pause(LEASES * LEASE_MS);
    const successor = await run.serve();
    await run.seen(isOf(successor, "completed", waiting));
    await run.seen(isOf(successor, "started", blocking));
    zombie.signal("SIGCONT");
    await run.seen(isOf(zombie, "signalled", waiting));
    await run.seen(isOf(zombie, "settled", blocking));
    await run.settled(10_000);

    const history = run.history();
    const refused = history.filter((event) => event.kind === "settled" && !event.ok).length;
    const signals = history.filter(({ kind }) => kind === "signalled").length;
    const counts = { "settles refused": refused, signals, ...counted(run) };
    return { part: "worker paused", store: backend.kind, counts, violations: run.check() };
  } finally {
    await run.close();
  }
}

const isOf =
  (server: Server, kind: HistoryEvent["kind"], jobId: string) =>
  (event: HistoryEvent): boolean =>
    event.by === server.by && event.kind === kind && event.jobId === jobId;
