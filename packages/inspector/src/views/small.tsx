import { html } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { JobView } from "../model/job-view.ts";
import { STATE_WORDS, toAge, toCount, toDuration, toIso } from "../model/words.ts";

// These are on every row. A template costs a quarter of the same elements, and escapes its values too.

/** A state in word and colour; what waits for another attempt says when. */
export const State = ({ job }: { job: JobView }): JSX.Element =>
  html`<span class="state ${job.state}">${stateWords(job)}</span>`;

function stateWords({ state, attempts, dueInMs }: JobView): string {
  if (state !== "pending" || attempts === 0) return STATE_WORDS[state];
  return dueInMs === undefined || dueInMs <= 0 ? "retry due" : `retry in ${toDuration(dueInMs)}`;
}

/** How long ago something was, in the words of `toWords`; the exact time is its title. */
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

/** Repeats and contradictions, each with a colour and a word of its own. */
export function Chips({ job, href }: { job: JobView; href: string }): JSX.Element | "" {
  const { duplicates, conflicts } = job;
  if (duplicates + conflicts === 0) return "";
  const id = encodeURIComponent(job.jobId);
  // The number is in the id, so that a new one is a new element and is highlighted.
  const repeat =
    duplicates > 0 &&
    html`<span class="chip repeat" id="repeat-${duplicates}-${id}">+${toCount(duplicates, "duplicate")}</span>`;
  const words = conflicts === 1 ? "conflict" : toCount(conflicts, "conflict");
  const conflict =
    conflicts > 0 &&
    html`<a class="chip bad" id="conflict-${conflicts}-${id}" href="${href}#conflicts">${words}</a>`;
  return html`${repeat}${conflict}`;
}
