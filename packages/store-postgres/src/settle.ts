import type { Settlement } from "@abstrakt-webhooks/core";
import type { Query } from "./query.ts";
import { settleSql } from "./sql/settle.ts";

type Held = { jobId: string; fence: number };

export interface SettleOptions {
  readonly jobs: string;
  readonly doneTtlMs: number;
  readonly deadTtlMs: number;
  readonly keepPayload: boolean;
}

/** The ways to end or extend a lease or a poll. `query` is given each time: it may be a transaction's. */
export function createSettle({ jobs, doneTtlMs, deadTtlMs, keepPayload }: SettleOptions) {
  const sql = settleSql(jobs, keepPayload);
  const ended = async (rows: Promise<unknown[]>): Promise<boolean> => (await rows).length > 0;

  return {
    lease(query: Query, { jobId, fence }: Held, s: Settlement): Promise<boolean> {
      switch (s.to) {
        case "done": {
          const { payload, fingerprint } = s.result ?? {};
          return ended(query(sql.done, jobId, fence, doneTtlMs, payload, fingerprint));
        }
        case "dead":
          return ended(
            query(s.free ? sql.free : sql.dead, jobId, fence, deadTtlMs, clean(s.error)),
          );
        case "retry":
          return ended(query(sql.retry, jobId, fence, s.delayMs, clean(s.error)));
        case "release":
          return ended(query(sql.release, jobId, fence));
        case "extend":
          return ended(query(sql.extend, jobId, fence, s.leaseMs));
      }
    },
    poll(
      query: Query,
      { jobId, fence }: Held,
      o: { againAfterMs: number } | { giveUp: string },
    ): Promise<boolean> {
      return "giveUp" in o
        ? ended(query(sql.giveUp, jobId, fence, deadTtlMs, clean(o.giveUp)))
        : ended(query(sql.pollAgain, jobId, fence, o.againAfterMs));
    },
  };
}

/** PostgreSQL's text has no NUL, and an error's words are anybody's. */
const clean = (error: string): string => error.replaceAll("\0", "\ufffd");
