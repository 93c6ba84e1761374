import type { DeadLetters, JobState, ListOptions } from "@abstrakt-webhooks/core";
import {
  orderOf,
  pageOf,
  positionOf,
  type ListedRow,
  type ListPosition,
} from "@abstrakt-webhooks/core/store";
import { byCodePoint } from "./code-points.ts";
import { LOOK, PAGE, PAGE_BY_TIME, REDRIVE, STATS } from "./lua/look.ts";
import { fromText, toRecord, toText, type RecordRow, type Value } from "./row.ts";
import type { Run } from "./run.ts";

const STATES: readonly JobState[] = ["expected", "pending", "leased", "done", "dead"];

export function deadLetters(run: Run): DeadLetters {
  /** Reads the first entries after a position. A job may have an entry of an earlier state. */
  const entriesBehind = async (
    o: ListOptions,
    count: number,
    position: ListPosition | undefined,
  ): Promise<ListPosition[]> => {
    if (orderOf(o) !== "id") {
      const behind = [position?.at ?? "", toText(position?.jobId)];
      const args = [o.state ?? "", count, ...behind];
      return (await run<string[]>(PAGE_BY_TIME, [], args)).map(toEntry);
    }
    const states = o.state === undefined ? STATES : [o.state];
    const args = [count, toText(o.prefix ?? ""), toText(position?.jobId), ...states];
    const found = await run<Value[]>(PAGE, [], args);
    const ids = new Set(found.map((id) => fromText(id) ?? ""));
    return [...ids]
      .sort(byCodePoint)
      .slice(0, count)
      .map((jobId) => ({ jobId, at: 0 }));
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
      // One row more than the limit shows whether there is a next page.
      for (let wanted = o.limit + 1; wanted > 0; wanted = o.limit + 1 - rows.length) {
        const entries = await entriesBehind(o, wanted, position);
        rows.push(...(await read(entries, o)));
        position = entries.at(-1);
        if (entries.length < wanted) break;
      }
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
