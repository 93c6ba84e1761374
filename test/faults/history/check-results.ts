import type { CheckOptions } from "./check-history.ts";
import { acknowledged, type JobHistory } from "./job-history.ts";

/** Each acknowledged result was handled by a callback that succeeded, and its row says so. */
export function lost(job: JobHistory, { mayDie, rows }: CheckOptions): string[] {
  if (acknowledged(job).length === 0 || mayDie?.(job.jobId)) return [];
  if (rows !== false && job.final === undefined) return ["acknowledged, and there is no row"];
  if (job.completions.length === 0) return ["acknowledged, and never handled"];
  if (rows === false || job.final?.state === "done") return [];
  return [`acknowledged, and still ${job.final?.state}`];
}

/** A job becomes done once, and then stays done. */
export function doneAgain({ grants, settles }: JobHistory): string[] {
  const dones = settles.filter(({ to, ok }) => to === "done" && ok);
  const [first] = dones;
  if (first === undefined) return [];
  if (dones.length > 1) return [`done was recorded ${dones.length} times`];
  return grants
    .filter(({ sentAtMs }) => sentAtMs > first.atMs)
    .map(({ fence }) => `granted again under fence ${fence} after it was done`);
}

/** A process records a job as done only after its own callback has succeeded. */
export function doneUnhandled({ settlings, completions }: JobHistory): string[] {
  return settlings
    .filter(({ to }) => to === "done")
    .filter(({ by, atMs }) => !completions.some((one) => one.by === by && one.atMs <= atMs))
    .map(({ by }) => `${by} says done of what it has not handled`);
}

/** A result that was acknowledged once is always a duplicate afterwards. */
export function repeatsForgotten(job: JobHistory): string[] {
  const [first] = acknowledged(job);
  if (first === undefined) return [];
  return acknowledged(job)
    .filter(({ sentAtMs, duplicate }) => sentAtMs > first.atMs && !duplicate)
    .map(() => "a repeat was taken for a new result");
}

/** While the store fails or is silent, every answer comes in time and is 503. */
export function refusedLate({ answers }: JobHistory, { refusedWithinMs }: CheckOptions): string[] {
  const within = refusedWithinMs ?? Infinity;
  return answers.flatMap(({ status, sentAtMs, atMs }) => {
    const tookMs = Math.round(atMs - sentAtMs);
    if (status !== 200 && status !== 503 && status !== 0) return [`answered ${status}`];
    return status !== 0 && tookMs > within ? [`answered ${status} after ${tookMs} ms`] : [];
  });
}

/** A result that ends its process is dead after its attempts. */
export function runsTooOften({ starts }: JobHistory, { maxAttempts }: CheckOptions): string[] {
  return starts.length > (maxAttempts ?? Infinity) ? [`ran ${starts.length} times`] : [];
}
