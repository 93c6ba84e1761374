import type { JobState } from "@abstrakt-webhooks/core";
import type { Front } from "../model/front.ts";
import { STATE_WORDS, toDuration } from "../model/words.ts";
import { frontLink, type PageContext } from "./page-context.ts";

/** The counts that a person should look at first, and the number of jobs in each state. */
export const Needs = ({ page, front }: { page: PageContext; front: Front }) => {
  const { counts, contradicted } = front;
  const waits = counts.oldestPendingMs ?? 0;
  return (
    <section class="needs" aria-label="What needs a person">
      <Tile
        href={frontLink(page, { q: "state:dead" })}
        value={counts.dead.toLocaleString("en")}
        label={counts.dead === 1 ? "dead letter" : "dead letters"}
        tone={counts.dead > 0 ? "bad" : "calm"}
      />
      <Tile
        href={frontLink(page, { q: "is:conflict" })}
        value={contradicted.toLocaleString("en")}
        label="in conflict"
        tone={contradicted > 0 ? "bad" : "calm"}
      />
      <Tile
        href={frontLink(page, { q: "state:waiting" })}
        value={waits < 1_000 ? "0 s" : toDuration(waits)}
        label="longest wait"
        tone={waits > LONG_WAIT_MS ? "warn" : "calm"}
      />
      <nav class="states" aria-label="States">
        <StateLink page={page} front={front} />
        {STATES.map((state) => (
          <StateLink page={page} front={front} state={state} />
        ))}
      </nav>
    </section>
  );
};

const LONG_WAIT_MS = 60_000;
const STATES: readonly JobState[] = ["expected", "pending", "leased", "done", "dead"];

const Tile = (props: { href: string; value: string; label: string; tone: string }) => (
  <a class={`tile ${props.tone}`} href={props.href}>
    <b>{props.value}</b> {props.label}
  </a>
);

const StateLink = (props: { page: PageContext; front: Front; state?: JobState }) => {
  const { page, front, state } = props;
  const word = state === undefined ? "all" : STATE_WORDS[state];
  const q = state === undefined ? "" : `state:${word}`;
  return (
    <a href={frontLink(page, { q })} aria-current={isChosen(front, state) ? "page" : undefined}>
      {word}{" "}
      {state !== undefined && <span class="count">{front.counts[state].toLocaleString("en")}</span>}
    </a>
  );
};

const isChosen = ({ filter }: Front, state: JobState | undefined): boolean =>
  state === undefined ? filter.text === "" : filter.state === state;
