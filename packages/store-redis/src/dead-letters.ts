import type { DeadLetters, JobState, ListOptions } from "@abstrakt-webhooks/core";
import {
  orderOf,
  pageOf,
  positionOf,
  type ListedRow,
  type ListPosition,
} from "@abstrakt-webhooks/core/store";
import { byCodePoint } from "./code-points.ts";
import { LOOK, REDRIVE, STATS } from "./lua/look.ts";
import { PAGE, PAGE_BY_TIME } from "./lua/pages.ts";
import { fromText, toRecord, toText, type RecordRow, type Value } from "./row.ts";
import type { Run } from "./run.ts";

interface Entries {
  readonly entries: readonly ListPosition[];
  /** Where the next entries begin. Absent when none follow. */
  readonly reached?: ListPosition;
}

const STATES: readonly JobState[] = ["expected", "pending", "leased", "done", "dead"];

export function deadLetters(run: Run): DeadLetters {
  /** Reads entries after a position. A job may have an entry of an earlier state. */
  const entriesBehind = async (
    o: ListOptions,
    position: ListPosition | undefined,
  ): Promise<Entries> => {
    // One row more than the limit shows whether there is a next page.
    const count = o.limit + 1;
    if (orderOf(o) !== "id") {
      const args = [o.state ?? "", count, position?.at ?? "", toText(position?.jobId)];
      const [reached, ...found] = await run<string[]>(PAGE_BY_TIME, [], args);
      return { entries: found.map(toEntry), ...(reached && { reached: toEntry(reached) }) };
    }
    const states = o.state === undefined ? STATES : [o.state];
    const args = [count, toText(o.prefix ?? ""), toText(position?.jobId), ...states];
    const found = await run<Value[]>(PAGE, [], args);
    const ids = new Set(found.map((id) => fromText(id) ?? ""));
    const entries = [...ids]
      .sort(byCodePoint)
      .slice(0, count)
      .map((jobId) => ({ jobId, at: 0 }));
    const reached = entries[count - 1];
    return { entries, ...(reached && { reached }) };
  };

  const read = async (entries: readonly ListPosition[], o: ListOptions): Promise<ListedRow[]> => {
    if (entries.length === 0) return [];
    const ids = entries.map(({ jobId }) => jobId);
    const rows = await run<RecordRow[]>(LOOK, ids, [o.payloads === false ? "" : "1"]);
    return entries.flatMap(({ jobId, at }, index) => {
      const record = toRecord(jobId, rows[index]);
      const isListed = record && (o.state === undefined || record.state === o.state);
      return isListed ? [{ record, at }] : [];
    });
  };

  return {
    async list(o) {
      const rows: ListedRow[] = [];
      let position = positionOf(o);
      do {
        const { entries, reached } = await entriesBehind(o, position);
        rows.push(...(await read(entries, o)));
        position = reached;
      } while (position !== undefined && rows.length <= o.limit);
      return pageOf(rows, o);
    },
    async redrive(jobId) {
      return Number(await run(REDRIVE, [jobId], [jobId])) === 1;
    },
    async stats() {
      const [expected, pending, leased, done, dead, oldest = ""] = await run<Value[]>(
        STATS,
        [],
        [],
      );
      return {
        expected: Number(expected),
        pending: Number(pending),
        leased: Number(leased),
        done: Number(done),
        dead: Number(dead),
        ...(oldest !== "" && { oldestPendingMs: Number(oldest) }),
      };
    },
  };
}

/** Makes an entry of `<time>=<id>`. */
function toEntry(entry: string): ListPosition {
  const end = entry.indexOf("=");
  return { at: Number(entry.slice(0, end)), jobId: entry.slice(end + 1) };
}
