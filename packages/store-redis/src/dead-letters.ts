import type { DeadLetters, JobRecord, JobState } from "@abstrakt-webhooks/core";
import { pageOf } from "@abstrakt-webhooks/core/store";
import { byCodePoint } from "./code-points.ts";
import { LOOK, PAGE, REDRIVE, STATS } from "./lua/look.ts";
import { fromText, toRecord, toText, type RecordRow, type Value } from "./row.ts";
import type { Run } from "./run.ts";

const STATES: readonly JobState[] = ["expected", "pending", "leased", "done", "dead"];

export function deadLetters(run: Run): DeadLetters {
  /** The first ids after one, each once: a job may have a stale entry beside its own. */
  const idsAfter = async (states: readonly JobState[], count: number, after?: string) => {
    const found = await run<Value[]>(PAGE, [], [count, toText(after), ...states]);
    const ids = new Set(found.map((id) => fromText(id) ?? ""));
    return [...ids].sort(byCodePoint).slice(0, count);
  };

  return {
    async list({ state, limit, after }) {
      const states = state === undefined ? STATES : [state];
      const records: JobRecord[] = [];
      let last = after;
      // One more than asked for tells whether there is a next page.
      for (let wanted = limit + 1; wanted > 0; wanted = limit + 1 - records.length) {
        const ids = await idsAfter(states, wanted, last);
        const rows = ids.length > 0 ? await run<RecordRow[]>(LOOK, ids, ids) : [];
        records.push(...rows.map(toRecord).filter((record) => states.includes(record.state)));
        last = ids.at(-1);
        if (ids.length < wanted) break;
      }
      return pageOf(records, limit);
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
