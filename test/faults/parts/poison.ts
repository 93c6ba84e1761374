import type { Backend } from "../backends/backend.ts";
import type { Campaign } from "../campaign.ts";
import { counted, toViolation, type Outcome } from "../outcome.ts";
import { openRun, type Run, type ServerOptions } from "../run.ts";
import { pause } from "../sender.ts";
import type { Server } from "../server/start-server.ts";

const MAX_ATTEMPTS = 3;
const POISON = "poison-0-1";
/** Long enough to start a server and deliver other results before the poison is due again. */
const LEASE_MS = 3_000;
const LATE_MS = LEASE_MS / 2;
const OTHERS = 20;
/** These run when the poison kills for the first time, and are claimed with it from then on. */
const COMPANIONS = Array.from({ length: 6 }, (_, index) => `slow-200-${index}`);

/**
 * The callback of one result kills its process again and again, and a supervisor starts the next
 * process. Other callbacks run at the same time and are due again with the poison. More results
 * arrive while the poison waits for its next attempt, and are handled at once. The poison must be
 * dead after `maxAttempts` attempts, and all others handled.
 */
export async function poison(
  campaign: Campaign,
  backend: Backend,
  options?: ServerOptions,
): Promise<Outcome> {
  const limits = { maxAttempts: MAX_ATTEMPTS, leaseMs: LEASE_MS };
  const run = openRun(campaign, backend, { ...limits, ...options });
  try {
    let server = await run.serve();
    const { port, ended } = server;
    await Promise.all(COMPANIONS.map((jobId) => run.sender.send(port, jobId)));
    await run.sender.send(port, POISON);
    await ended;
    let deaths = 1;
    // One attempt more than allowed shows that the attempts never end.
    for (; deaths <= MAX_ATTEMPTS; deaths += 1) {
      server = await run.serve();
      await handleOthers(run, server, deaths);
      const died = server.ended.then(() => true);
      if (!(await Promise.race([died, run.seen(isDead).then(() => false)]))) break;
    }
    await run.sender.redeliver(server.port);
    await run.settled(15_000);
    const runs = run.history().filter((one) => one.kind === "started" && one.jobId === POISON);
    const mayDie = (jobId: string) => jobId === POISON;
    const tooFew = expectedRuns(run) > runs.length ? [toViolation(`ran ${runs.length} times`)] : [];
    const violations = [...run.check({ maxAttempts: MAX_ATTEMPTS, mayDie }), ...tooFew];
    const counts = { "processes killed": deaths, "runs of the poison": runs.length };
    return {
      part: "poison",
      store: backend.kind,
      counts: { ...counts, ...counted(run) },
      violations,
    };
  } finally {
    await run.close();
  }
}

/** On a slow machine a lease may be granted when it has nearly ended; then no attempt runs. */
function expectedRuns(run: Run): number {
  const grants = run.history().filter((one) => one.kind === "granted" && one.jobId === POISON);
  const late = grants.filter((one) => one.kind === "granted" && one.atMs - one.sentAtMs > LATE_MS);
  return MAX_ATTEMPTS - late.length;
}

/** Resolves when they are settled, or when the poison killed the process earlier. */
async function handleOthers(run: Run, server: Server, life: number): Promise<void> {
  const others = Array.from({ length: OTHERS }, (_, index) => `plain-0-${life}-${index}`);
  await Promise.all(others.map((jobId) => run.sender.send(server.port, jobId)));
  const isLeft = (): boolean => {
    const settled = run.history().flatMap((one) => (one.kind === "settled" ? one.jobId : []));
    return others.some((jobId) => !settled.includes(jobId));
  };
  while (server.isRunning() && isLeft()) await pause(20);
}

const isDead: Parameters<Run["seen"]>[0] = (one) =>
  one.kind === "settled" && one.to === "dead" && one.jobId === POISON;
