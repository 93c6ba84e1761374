import { expect, it } from "vitest";
import { MIGRATIONS } from "../src/schema.ts";
import * as sql from "../src/dialect/sql.ts";
import { openDatabase } from "./support.ts";

/** Each statement that runs by itself, and the index that keeps it flat however many rows are done. */
const PLANS: Record<string, [statement: string, index: string]> = {
  "the due work": [sql.DUE_WORK, "abstrakt_jobs_work (namespace=? AND due_at<?)"],
  "the due polls": [sql.DUE_POLLS, "abstrakt_jobs_poll (namespace=? AND due_at<?)"],
  "the lease of what is due": [sql.LEASE_WORK, "abstrakt_jobs_work (namespace=? AND due_at<?)"],
  "the next due time": [sql.NEXT_DUE, "abstrakt_jobs_work (namespace=?)"],
  pruning: [sql.PRUNE, "abstrakt_jobs_settled (namespace=? AND state=? AND settled_at<?)"],
  "a settlement": [sql.SETTLE.done, "(namespace=? AND job_id=?)"],
  "the list of the dead": [sql.LIST.dead, "abstrakt_jobs_dead (namespace=? AND job_id>?)"],
  "the list of what is leased": [sql.LIST.leased, "abstrakt_jobs_work (namespace=?)"],
  "the list of what is expected": [sql.LIST.expected, "abstrakt_jobs_poll (namespace=?)"],
  "the counts": [sql.STATS, "abstrakt_jobs_settled (namespace=? AND state=? AND settled_at>?)"],
};

it.each(Object.entries(PLANS))("%s comes by an index, without a scan", (_, [statement, index]) => {
  const database = openDatabase(":memory:");
  for (const step of MIGRATIONS) database.exec(step);
  const values = [...statement.matchAll(/\?/g)].map(() => 1);
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(...values);
  const details = steps.map((step) => (step as { detail: string }).detail);
  expect(details.join("\n")).toContain(index);
  expect(details.filter((detail) => detail.startsWith("SCAN abstrakt"))).toEqual([]);
});
