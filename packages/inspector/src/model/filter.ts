import type { JobState } from "@abstrakt-webhooks/core";
import type { JobView } from "./job-view.ts";

/** A filter as it was typed: words such as `state:dead type:image job_17`. */
export interface Filter {
  readonly text: string;
  /** The store filters by these two. */
  readonly state?: JobState;
  readonly prefix?: string;
  /** The words that filter the loaded jobs only. */
  readonly onPage: readonly string[];
  /** The words that have no meaning. */
  readonly unknown: readonly string[];
  /** Whether a loaded job passes the words of `onPage`. */
  admits(job: JobView): boolean;
}

const STATES: Readonly<Record<string, JobState>> = {
  expected: "expected",
  waiting: "pending",
  pending: "pending",
  running: "leased",
  leased: "leased",
  done: "done",
  dead: "dead",
};

const contains = (value: string | undefined, part: string): boolean =>
  value !== undefined && value.toLowerCase().includes(part);

type Test = (job: JobView, value: string) => boolean;

const PAGE_KEYS: Readonly<Record<string, Test>> = {
  ref: (job, value) => contains(job.ref, value),
  type: (job, value) => contains(job.type, value),
  error: (job, value) => contains(job.error, value),
  source: (job, value) => contains(job.source, value),
};

const IS: Readonly<Record<string, (job: JobView) => boolean>> = {
  conflict: (job) => job.conflicts > 0,
  duplicate: (job) => job.duplicates > 0,
  retrying: (job) => job.state === "pending" && job.attempts > 0,
};

/** Parses the text of the filter box. It reads the first 20 words only. */
export function parseFilter(text: string): Filter {
  let state: JobState | undefined;
  let prefix: string | undefined;
  const onPage: string[] = [];
  const unknown: string[] = [];
  const tests: ((job: JobView) => boolean)[] = [];
  for (const word of text.split(/\s+/).filter(Boolean).slice(0, 20)) {
    const [key, value] = splitWord(word);
    const test = own(PAGE_KEYS, key);
    const is = key === "is" ? own(IS, value) : undefined;
    const named = key === "state" ? own(STATES, value) : undefined;
    if (key === "job" && value !== "") prefix = value;
    else if (named !== undefined) state = named;
    else if (is !== undefined) tests.push(is);
    else if (test !== undefined && value !== "") {
      tests.push((job) => test(job, value.toLowerCase()));
    } else unknown.push(word);
    if (is ?? test) onPage.push(word);
  }
  return {
    text: text.trim(),
    ...(state !== undefined && { state }),
    ...(prefix !== undefined && { prefix }),
    onPage,
    unknown,
    admits: (job) => tests.every((passes) => passes(job)),
  };
}

/** Splits a word at its colon. A word without a key is the beginning of a job id. */
function splitWord(word: string): [key: string, value: string] {
  const at = word.indexOf(":");
  return at < 1 ? ["job", word] : [word.slice(0, at).toLowerCase(), word.slice(at + 1)];
}

const own = <T>(of: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(of, key) ? of[key] : undefined;
