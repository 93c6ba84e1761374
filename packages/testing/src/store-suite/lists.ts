import type { JobRecord, JobState, ListOptions } from "@abstrakt-webhooks/core";
import { equal, ok } from "../assert.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import type { TestBackend } from "./test-backend.ts";
import type { TestCase } from "./test-case.ts";

const needs = ["deadLetters"] as const;

/** The ids of each page of a list, from its first to its last. */
export async function pagesOf(
  { store }: TestBackend,
  o: Omit<ListOptions, "after">,
): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ ...o, ...(after !== undefined && { after }) });
    pages.push(page.records.map((record) => record.jobId));
    after = page.next;
  } while (after !== undefined && pages.length < 100);
  return pages;
}

/** `DeadLetters.list`: the pages have every row once, in the documented order. */
export function listTests(test: TestCase): void {
  test(
    "without a state, rows are listed by job id ascending, page by page, to the end",
    async (backend) => {
      for (const number of [4, 2, 5, 1, 3]) await backend.leased(`job-${number}`);
      equal(
        await pagesOf(backend, { limit: 2 }),
        [["job-1", "job-2"], ["job-3", "job-4"], ["job-5"]],
        "the pages",
      );
      const all = await backend.store.list({ limit: 5 });
      equal(all.next, undefined, "`next` of a page that holds the last row");
    },
    { needs },
  );

  test(
    "rows of one state are listed as the same records that get returns",
    async (backend) => {
      const clean = ({ dueInMs, ...record }: JobRecord) => record;
      for (const state of await rowsInEveryState(backend)) {
        const { records, next } = await backend.store.list({ state, limit: 10 });
        equal(records.map(clean), [clean(await backend.record(state))], `the ${state} rows`);
        equal(next, undefined, "next");
      }
      const { records } = await backend.store.list({ limit: 10 });
      const ids = records.map((record) => record.jobId);
      equal(ids, ["dead", "done", "leased", "pending"], "all rows");
      equal(await backend.store.list({ state: "expected", limit: 10 }), { records: [] }, "no rows");
    },
    { needs },
  );

  test(
    "pending and leased rows are listed by due time, page by page",
    async (backend) => {
      const dueIn: Record<string, number> = { b: 30, c: 10, e: 50, a: 40, d: 20 };
      for (const [jobId, delay] of Object.entries(dueIn)) {
        const retry = { to: "retry", delayMs: backend.ms(delay), error: "busy" } as const;
        await backend.store.settle(await backend.leased(`p-${jobId}`), retry);
        await backend.leased(`l-${jobId}`, delay);
      }
      const wanted = ["c", "d", "b", "a", "e"];
      for (const [state, letter] of [
        ["pending", "p"],
        ["leased", "l"],
      ] as const) {
        const [c, d, b, a, e] = wanted.map((jobId) => `${letter}-${jobId}`);
        equal(await pagesOf(backend, { state, limit: 2 }), [[c, d], [b, a], [e]], state);
      }
    },
    { needs },
  );

  test(
    "expected rows are listed by the time of their next poll, page by page",
    async (backend) => {
      for (const [jobId, poll] of [
        ["b", 30],
        ["c", 10],
        ["a", 20],
      ] as const) {
        await backend.expect(jobId, { poll });
      }
      equal(
        await pagesOf(backend, { state: "expected", limit: 2 }),
        [["c", "a"], ["b"]],
        "the pages",
      );
    },
    { needs: ["deadLetters", "expectedJobs"] },
  );

  test(
    "done and dead rows are listed by settling time, latest first, page by page",
    async (backend) => {
      for (const jobId of ["b", "c", "e", "a", "d"]) {
        await backend.store.settle(await backend.leased(`x-${jobId}`), { to: "dead", error: "x" });
        await backend.store.settle(await backend.leased(`y-${jobId}`), { to: "done" });
        await backend.elapse(1);
      }
      for (const [state, letter] of [
        ["dead", "x"],
        ["done", "y"],
      ] as const) {
        const [d, a, e, c, b] = ["d", "a", "e", "c", "b"].map((jobId) => `${letter}-${jobId}`);
        equal(await pagesOf(backend, { state, limit: 2 }), [[d, a], [e, c], [b]], state);
      }
    },
    { needs },
  );

  test(
    "rows with the same time are each listed once",
    async (backend) => {
      const ids = Array.from({ length: 60 }, (_, index) => `job-${index}`);
      // All are ingested at once. A store with a coarse clock then gives many the same due time.
      const leases = await Promise.all(ids.map((jobId) => backend.leased(jobId)));
      const once = async (state: JobState) => {
        const pages = await pagesOf(backend, { state, limit: 10 });
        equal(pages.flat().sort(), [...ids].sort(), `the ${state} rows`);
        equal(
          pages.map(({ length }) => length),
          Array(6).fill(10),
          `the ${state} pages`,
        );
      };
      await once("leased");
      await Promise.all(
        leases.map((lease) => backend.store.settle(lease, { to: "dead", error: "x" })),
      );
      await once("dead");
    },
    { needs },
  );

  test(
    "a row that leaves the list between two pages hides no other row",
    async (backend) => {
      const ids = Array.from({ length: 12 }, (_, index) => `job-${10 + index}`);
      const leases = await Promise.all(ids.map((jobId) => backend.leased(jobId)));
      const first = await backend.store.list({ state: "leased", limit: 4 });
      const seen = first.records.map((record) => record.jobId);
      const settled = leases.filter(({ jobId }) => seen.includes(jobId));
      for (const lease of settled) await backend.store.settle(lease, { to: "done" });
      ok(first.next !== undefined, "a next page");
      const rest = await backend.store.list({ state: "leased", limit: 20, after: first.next });
      const all = [...seen, ...rest.records.map((record) => record.jobId)];
      equal(all.sort(), ids, "the rows of both pages");
    },
    { needs },
  );
}
