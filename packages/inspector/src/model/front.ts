import { isAbstraktWebhookError, type JobRecord, type JobState } from "@abstrakt-webhooks/core";
import type { Counts, InspectorSource, SeenEvent } from "../source/source.ts";
import { parseFilter, type Filter } from "./filter.ts";
import { toJobView, type JobView } from "./job-view.ts";
import { toTraces, type Trace } from "./trace.ts";

/** The data of the front page. */
export interface Front {
  readonly counts: Counts;
  readonly filter: Filter;
  readonly jobs: readonly JobView[];
  /** The number of jobs that came after `untilMs`. The page counts them, but does not list them. */
  readonly held: number;
  /** The table leaves out newer jobs, so that its rows do not move. */
  readonly untilMs: number;
  readonly nowMs: number;
  readonly next?: string | undefined;
  /** The states whose jobs the source did not list. */
  readonly missing: readonly Missing[];
  /** Jobs with a conflict that this process has seen. */
  readonly contradicted: number;
  /** Refusals and warnings of this process, newest first. */
  readonly notices: readonly Notice[];
}

/** A refusal or a warning. */
export type Notice = Extract<SeenEvent, { type: "refused" | "warning" }>;

/** A list that the source did not read, and why. */
export interface Missing {
  readonly state: JobState;
  readonly reason: string;
}

/** The parameters of the front page. */
export interface FrontQuery {
  readonly q: string;
  readonly after?: string | undefined;
  readonly untilMs?: number | undefined;
}

const PAGE_SIZE = 50;
/** How many jobs of each state are read for the table of all states. */
const MIXED_SIZES = { expected: 10, pending: 10, leased: 10, done: 25, dead: 10 } as const;
const MAX_NOTICES = 5;
const STATES = ["expected", "pending", "leased", "done", "dead"] as const;

/** Reads the source for the front page. */
export async function readFront(
  source: InspectorSource,
  query: FrontQuery,
  nowMs: number,
): Promise<Front> {
  const filter = parseFilter(query.q);
  const events = source.events();
  const traces = toTraces(events);
  const counts = await source.counts();
  const { records, next, missing } = await readPage(source, filter, counts, query.after);
  const toView = (jobId: string, record?: JobRecord): JobView =>
    toJobView(jobId, record, traces.get(jobId), source.outputType(jobId));
  const listed = records.map((record) => toView(record.jobId, record));
  const unlisted = isMixed(filter) ? await readUnlisted(source, traces, records) : [];
  const seen = unlisted.map(({ jobId, record }) => toView(jobId, record));
  const known = [...listed, ...seen].filter(filter.admits);
  const ordered = isMixed(filter) ? known.sort((a, b) => b.firstMs - a.firstMs) : known;
  const untilMs = query.untilMs ?? nowMs;
  const isHeld = (job: JobView): boolean =>
    query.after === undefined && appearedMs(job, filter) > untilMs;
  return {
    counts,
    filter,
    jobs: ordered.filter((job) => !isHeld(job)).slice(0, PAGE_SIZE),
    held: ordered.filter(isHeld).length,
    untilMs,
    nowMs,
    next,
    missing,
    contradicted: [...traces.values()].filter(({ conflicts }) => conflicts > 0).length,
    notices: events.filter(isNotice).slice(-MAX_NOTICES).toReversed(),
  };
}

/** Whether the table shows all states, because the filter has no state and no prefix. */
export const isMixed = ({ state, prefix }: Filter): boolean =>
  state === undefined && prefix === undefined;

interface Page {
  readonly records: readonly JobRecord[];
  readonly next?: string | undefined;
  readonly missing: readonly Missing[];
}

async function readPage(
  source: InspectorSource,
  filter: Filter,
  counts: Counts,
  after: string | undefined,
): Promise<Page> {
  const { state, prefix } = filter;
  if (isMixed(filter)) return readMixed(source, counts);
  const page = await source.list({
    limit: PAGE_SIZE,
    ...(state !== undefined && { state }),
    ...(prefix !== undefined && { prefix }),
    ...(after !== undefined && { after }),
  });
  return { ...page, missing: [] };
}

/** Reads a list of each state. If one fails, the page shows the others. */
async function readMixed(source: InspectorSource, counts: Counts): Promise<Page> {
  const present = STATES.filter((state) => counts[state] > 0);
  const lists = await Promise.allSettled(
    present.map(async (state) => source.list({ state, limit: MIXED_SIZES[state] })),
  );
  // A job that changed its state between two of the calls is in both lists.
  const byId = new Map<string, JobRecord>();
  const missing: Missing[] = [];
  for (const [index, state] of present.entries()) {
    const list = lists[index];
    if (list?.status === "fulfilled") {
      for (const record of list.value.records) byId.set(record.jobId, record);
    } else missing.push({ state, reason: toReason(list?.reason) });
  }
  return { records: [...byId.values()], missing };
}

/** Only the errors of this kit have a message that contains no secret. */
const toReason = (thrown: unknown): string =>
  isAbstraktWebhookError(thrown) ? thrown.message : "The list could not be read.";

/**
 * Settled jobs that this process has seen, but that are on no list. Under load a list is too short.
 * Another process may have changed the state of any other job since. It may also have redriven a
 * dead job, so the rows of dead jobs are read. A row that cannot be read is left out.
 */
async function readUnlisted(
  source: InspectorSource,
  traces: ReadonlyMap<string, Trace>,
  records: readonly JobRecord[],
): Promise<readonly { jobId: string; record?: JobRecord | undefined }[]> {
  const listed = new Set(records.map(({ jobId }) => jobId));
  const seen = [...traces.values()].filter(({ jobId }) => !listed.has(jobId));
  const done = seen.filter(({ state }) => state === "done").slice(-2 * PAGE_SIZE);
  const dead = seen.filter(({ state }) => state === "dead").slice(-MIXED_SIZES.dead);
  const reads = dead.map(async ({ jobId }) => ({ jobId, record: await source.find(jobId) }));
  const rows = await Promise.allSettled(reads);
  return [...done, ...rows.flatMap((row) => (row.status === "fulfilled" ? [row.value] : []))];
}

/** When a job got its place in this list. */
function appearedMs(job: JobView, { state }: Filter): number {
  return isSettled(state) ? (job.settledAtMs ?? job.firstMs) : job.firstMs;
}

const isSettled = (state: JobState | undefined): boolean => state === "done" || state === "dead";

const isNotice = (event: SeenEvent): event is Notice =>
  event.type === "refused" || event.type === "warning";
