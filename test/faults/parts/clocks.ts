import type { Backend } from "../backends/backend.ts";
import type { Campaign } from "../campaign.ts";
import type { HistoryEvent } from "../history/event.ts";
import { counted, toViolation, type Outcome } from "../outcome.ts";
import { LEASE_MS, openRun, type Run, type ServerOptions } from "../run.ts";
import { pause } from "../sender.ts";

const APART_MS = 600_000;
const HELD_MS = 4 * LEASE_MS;
/** A limit for a wait that may never end. */
const TAKEN_MS = 8_000;

/**
 * Two instances have clocks that are ten minutes apart. Each holds a job for several leases while
 * the other looks for work. Then one is killed, and the other takes its job without waiting ten
 * minutes.
 */
export async function clocksApart(
  campaign: Campaign,
  backend: Backend,
  server?: ServerOptions,
): Promise<Outcome> {
  const run = openRun(campaign, backend, server);
  try {
    const late = await run.serve();
    const ahead = await run.serve({ aheadMs: APART_MS });
    // With new results of their own they ask the store again and again for due rows.
    const holders = [late, ahead].map(({ port }, index) =>
      run.sender.send(port, `wait-${HELD_MS}-${index}`),
    );
    await Promise.all(holders);
    let over = false;
    const floods = [late, ahead].map(({ port }) => run.sender.flood(port, 2, () => over));
    await pause(HELD_MS);
    over = true;
    await Promise.all(floods);

    const leftByAhead = await leaveWith(run, "server 2", ahead.port);
    const leftByLate = await leaveWith(run, "server 1", late.port);
    ahead.signal("SIGKILL");
    await run.serve();
    const first = await isTaken(run, leftByAhead);
    late.signal("SIGKILL");
    await run.serve({ aheadMs: APART_MS });
    const second = await isTaken(run, leftByLate);
    await run.settled(1_000);
    return {
      part: "clocks apart",
      store: backend.kind,
      counts: counted(run),
      violations: [
        ...run.check(),
        ...(first && second ? [] : [toViolation("nobody took over from the dead")]),
      ],
    };
  } finally {
    await run.close();
  }
}

/**
 * A job that one server runs. With every slot taken it is stored, and any instance can claim it.
 */
async function leaveWith(run: Run, holder: string, port: number): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const jobId = `wait-60000-${tries}-${holder}`;
    const isStarted = (one: HistoryEvent) => one.kind === "started" && one.jobId === jobId;
    await run.sender.send(port, jobId);
    await run.seen(isStarted);
    if (run.history().find(isStarted)?.by === holder) return jobId;
  }
}

const isTaken = (run: Run, jobId: string): Promise<boolean> =>
  run
    .seen((one) => one.kind === "settled" && one.to === "done" && one.jobId === jobId, TAKEN_MS)
    .then(
      () => true,
      () => false,
    );
