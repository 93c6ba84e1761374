import type { TimelineEntry } from "../model/timeline.ts";
import { toClockTime, toIso, toMs } from "../model/words.ts";

/** The history of a job. Each line shows the time since the line before. */
export const Timeline = (props: { entries: readonly TimelineEntry[]; sinceMs: number }) => (
  <section class="timeline" aria-labelledby="timeline-title">
    <h2 id="timeline-title">Timeline</h2>
    <ol>
      {props.entries.map((entry, index) => (
        <li class={entry.tone}>
          <time datetime={toIso(entry.atMs)} title={toIso(entry.atMs)}>
            {toClockTime(entry.atMs)}
          </time>
          <span class="since">{sinceBefore(props.entries[index - 1], entry)}</span>
          <b>{entry.title}</b> <span class="detail">{entry.detail}</span>
        </li>
      ))}
    </ol>
    <p class="remark">
      Times are UTC. This process has seen events since {toClockTime(props.sinceMs).slice(0, 8)} and
      keeps the newest. What is older comes from the stored row.
    </p>
  </section>
);

const sinceBefore = (before: TimelineEntry | undefined, { atMs }: TimelineEntry): string =>
  before === undefined ? "" : `+${toMs(atMs - before.atMs)}`;
