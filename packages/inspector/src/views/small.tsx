import { html } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { JobView } from "../model/job-view.ts";
import { STATE_WORDS, toAge, toCount, toDuration, toIso } from "../model/words.ts";

// Every row has these. A template takes a quarter of the time of JSX, and also escapes its values.

/** The state of a job. After a failed attempt it says when the retry is due. */
export const State = ({ job }: { job: JobView }): JSX.Element =>
  html`<span class="state ${job.state}">${stateWords(job)}</span>`;

function stateWords({ state, attempts, dueInMs }: JobView): string {
  if (state !== "pending" || attempts === 0) return STATE_WORDS[state];
  return dueInMs === undefined || dueInMs <= 0 ? "retry due" : `retry in ${toDuration(dueInMs)}`;
}

/** An age in the words of `toWords`. The exact time is its title. */
export function Age(props: {
  atMs: number | undefined;
  nowMs: number;
  toWords?: (ms: number) => string;
}): JSX.Element {
  const { atMs, nowMs, toWords = toAge } = props;
  if (atMs === undefined || atMs === 0) return html`<span class="none">–</span>`;
  const exact = toIso(atMs);
  return html`<time datetime="${exact}" title="${exact}">${toWords(nowMs - atMs)}</time>`;
}

/** The numbers of duplicates and conflicts. */
export function Chips({ job, href }: { job: JobView; href: string }): JSX.Element | "" {
  const { duplicates, conflicts } = job;
  if (duplicates + conflicts === 0) return "";
  const id = encodeURIComponent(job.jobId);
  // The id contains the number, so that a new number makes a new element, which is highlighted.
  const repeat =
    duplicates > 0 &&
    html`<span class="chip repeat" id="repeat-${duplicates}-${id}">+${toCount(duplicates, "duplicate")}</span>`;
  const words = conflicts === 1 ? "conflict" : toCount(conflicts, "conflict");
  const conflict =
    conflicts > 0 &&
    html`<a class="chip bad" id="conflict-${conflicts}-${id}" href="${href}#conflicts">${words}</a>`;
  return html`${repeat}${conflict}`;
}
