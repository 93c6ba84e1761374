import type { ListOptions } from "@abstrakt-webhooks/core";
import { expect, it } from "vitest";
import { listStatement } from "../src/dialect/list.ts";
import { MIGRATIONS } from "../src/schema.ts";
import * as sql from "../src/dialect/sql.ts";
import { openDatabase } from "./support.ts";

const list = (o: Omit<ListOptions, "limit">): string =>
  listStatement("abstrakt", { ...o, limit: 10 }, [0, 0])[0];

/**
 * Each statement that runs on its own, and the index that keeps its cost independent of done rows.
 */
const PLANS: Record<string, [statement: string, index: string]> = {
  "the due work": [sql.DUE_WORK, "abstrakt_jobs_work (namespace=? AND due_at<?)"],
  "the due polls": [sql.DUE_POLLS, "abstrakt_jobs_poll (namespace=? AND due_at<?)"],
  "the lease of due rows": [sql.LEASE_WORK, "abstrakt_jobs_work (namespace=? AND due_at<?)"],
  "the next due time": [sql.NEXT_DUE, "abstrakt_jobs_work (namespace=?)"],
  pruning: [sql.PRUNE, "abstrakt_jobs_settled (namespace=? AND state=? AND settled_at<?)"],
  "a settlement": [sql.SETTLE.done, "(namespace=? AND job_id=?)"],
  "the list of dead rows": [
    list({ state: "dead" }),
    "abstrakt_jobs_settled (namespace=? AND state=? AND settled_at>? AND settled_at<?)",
  ],
  "the list of leased rows": [
    list({ state: "leased" }),
    "abstrakt_jobs_work (namespace=? AND due_at>?)",
  ],
  "the list of expected rows": [
    list({ state: "expected" }),
    "abstrakt_jobs_poll (namespace=? AND due_at>?)",
  ],
  "the list of rows by id": [list({ prefix: "a" }), "(namespace=? AND job_id>? AND job_id<?)"],
  "the counts": [sql.STATS, "abstrakt_jobs_settled (namespace=? AND state=? AND settled_at>?)"],
};

it.each(Object.entries(PLANS))("%s uses an index, without a scan", (_, [statement, index]) => {
  const database = openDatabase(":memory:");
  for (const step of MIGRATIONS) database.exec(step);
  const values = [...statement.matchAll(/\?/g)].map(() => 1);
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(...values);
  const details = steps.map((step) => (step as { detail: string }).detail);
  expect(details.join("\n")).toContain(index);
  expect(details.filter((detail) => detail.startsWith("SCAN abstrakt"))).toEqual([]);
});
