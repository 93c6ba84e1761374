import { isAbstraktWebhookError, type Receiver } from "@abstrakt-webhooks/core";
import { createOutputTypes } from "./output-types.ts";
import { createRing } from "./ring.ts";
import type { Counts, InspectorSource, JobPage, ListQuery } from "./source.ts";
import { createThrifty } from "./thrifty.ts";

const MAX_EVENTS = 5_000;

/** Makes a source from a receiver: the rows of its store and the events of this process. */
export function receiverSource(receiver: Receiver, clock: () => number): InspectorSource {
  const ring = createRing(MAX_EVENTS);
  const types = createOutputTypes();
  const counted = createThrifty(() => counts(receiver), clock);
  let changed = (): void => undefined;
  let ended = (): void => undefined;
  receiver.subscribe(
    (event) => {
      ring.push(event);
      changed();
    },
    () => ended(),
  );

  return {
    about: "Jobs of this process's receiver and its store.",
    sinceMs: clock(),
    events: ring.toArray,
    outputType: types.of,
    async list(query) {
      const page = await list(receiver, query, false);
      if (types.know(page.records)) return page;
      // Read the payloads too, because they contain the output types.
      types.learn((await list(receiver, query, true)).records);
      return page;
    },
    async find(jobId) {
      const { records } = await list(receiver, { prefix: jobId, limit: 1 }, true);
      const record = records.find((one) => one.jobId === jobId);
      if (record) types.learn([record]);
      return record;
    },
    counts: counted.read,
    subscribe(onChange, onEnd) {
      [changed, ended] = [onChange, onEnd];
    },
    async redrive(jobId) {
      const redriven = await receiver.redrive(jobId);
      if (redriven) ring.push({ type: "redriven", atMs: clock(), jobId });
      counted.forget();
      changed();
      return redriven;
    },
    async replay(payload, of) {
      const { jobId } = await receiver.ingest(payload);
      const origin = jobId === of ? {} : { of };
      counted.forget();
      ring.push({ type: "replayed", atMs: clock(), jobId, ...origin });
      changed();
      return jobId;
    },
  };
}

/** Calls `Receiver.list`. If the store cannot list, the page shows no rows. */
async function list(receiver: Receiver, query: ListQuery, payloads: boolean): Promise<JobPage> {
  try {
    return await receiver.list({ ...query, payloads });
  } catch (thrown) {
    if (isUnsupported(thrown)) return { records: [] };
    throw thrown;
  }
}

async function counts(receiver: Receiver): Promise<Counts> {
  try {
    return await receiver.stats();
  } catch (thrown) {
    if (isUnsupported(thrown)) return { expected: 0, pending: 0, leased: 0, done: 0, dead: 0 };
    throw thrown;
  }
}

const isUnsupported = (thrown: unknown): boolean =>
  isAbstraktWebhookError(thrown) && thrown.code === "unsupported";
