import type { CheckOptions } from "./check-history.ts";
import { acknowledged, type JobHistory } from "./job-history.ts";

/** What was acknowledged has reached a callback that ended well, and its row says so. */
export function lost(job: JobHistory, { mayDie, rows }: CheckOptions): string[] {
  if (acknowledged(job).length === 0 || mayDie?.(job.jobId)) return [];
  if (rows !== false && job.final === undefined) return ["acknowledged, and there is no row"];
  if (job.completions.length === 0) return ["acknowledged, and never handled"];
  if (rows === false || job.final?.state === "done") return [];
  return [`acknowledged, and still ${job.final?.state}`];
}

/** Done is entered once, and is the end. */
export function doneAgain({ grants, settles }: JobHistory): string[] {
  const dones = settles.filter(({ to, ok }) => to === "done" && ok);
  const [first] = dones;
  if (first === undefined) return [];
  if (dones.length > 1) return [`done was recorded ${dones.length} times`];
  return grants
    .filter(({ sentAtMs }) => sentAtMs > first.atMs)
    .map(({ fence }) => `granted again under fence ${fence} after it was done`);
}

/** Nobody records a job as done whose callback has not ended well in the same process. */
export function doneUnhandled({ settlings, completions }: JobHistory): string[] {
  return settlings
    .filter(({ to }) => to === "done")
    .filter(({ by, atMs }) => !completions.some((one) => one.by === by && one.atMs <= atMs))
    .map(({ by }) => `${by} says done of what it has not handled`);
}

/** What was acknowledged once is a duplicate ever after. */
export function repeatsForgotten(job: JobHistory): string[] {
  const [first] = acknowledged(job);
  if (first === undefined) return [];
  return acknowledged(job)
    .filter(({ sentAtMs, duplicate }) => sentAtMs > first.atMs && !duplicate)
    .map(() => "a repeat was taken for a new result");
}

/** A store that fails or is silent is answered for in time, and by 503. */
export function refusedLate({ answers }: JobHistory, { refusedWithinMs }: CheckOptions): string[] {
  const within = refusedWithinMs ?? Infinity;
  return answers.flatMap(({ status, sentAtMs, atMs }) => {
    const tookMs = Math.round(atMs - sentAtMs);
    if (status !== 200 && status !== 503 && status !== 0) return [`answered ${status}`];
    return status !== 0 && tookMs > within ? [`answered ${status} after ${tookMs} ms`] : [];
  });
}

/** A result that ends its process ends itself: no more runs than attempts. */
export function runsTooOften({ starts }: JobHistory, { maxAttempts }: CheckOptions): string[] {
  return starts.length > (maxAttempts ?? Infinity) ? [`ran ${starts.length} times`] : [];
}
