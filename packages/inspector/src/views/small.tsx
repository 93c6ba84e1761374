import type { JobView } from "../model/job-view.ts";
import { STATE_WORDS, toAge, toCount, toDuration, toIso } from "../model/words.ts";

/** A state in word and colour; what waits for another attempt says when. */
export const State = ({ job }: { job: JobView }) => (
  <span class={`state ${job.state}`}>{stateWords(job)}</span>
);

function stateWords({ state, attempts, dueInMs }: JobView): string {
  if (state !== "pending" || attempts === 0) return STATE_WORDS[state];
  return dueInMs === undefined || dueInMs <= 0 ? "retry due" : `retry in ${toDuration(dueInMs)}`;
}

/** How long ago; the exact time is its title. */
export const Age = ({ atMs, nowMs }: { atMs: number | undefined; nowMs: number }) =>
  atMs === undefined || atMs === 0 ? (
    <span class="none">–</span>
  ) : (
    <time datetime={toIso(atMs)} title={toIso(atMs)}>
      {toAge(nowMs - atMs)}
    </time>
  );

/** Repeats and contradictions, each with a colour and a word of its own. */
export const Chips = ({ job, href }: { job: JobView; href: string }) => {
  const id = encodeURIComponent(job.jobId);
  return (
    <>
      {job.duplicates > 0 && (
        // The number is in the id, so that a new one is a new element and is highlighted.
        <span class="chip repeat" id={`repeat-${job.duplicates}-${id}`}>
          +{toCount(job.duplicates, "duplicate")}
        </span>
      )}
      {job.conflicts > 0 && (
        <a class="chip bad" id={`conflict-${job.conflicts}-${id}`} href={`${href}#conflicts`}>
          {job.conflicts === 1 ? "conflict" : toCount(job.conflicts, "conflict")}
        </a>
      )}
    </>
  );
};
