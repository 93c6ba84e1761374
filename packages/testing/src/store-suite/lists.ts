import type { JobRecord, JobState, ListOptions } from "@abstrakt-webhooks/core";
import { equal, ok } from "../assert.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { resultA } from "./sample-deliveries.ts";
import type { TestBackend } from "./test-backend.ts";
import type { TestCase } from "./test-case.ts";

const needs = ["deadLetters"] as const;

/** The ids of each page of a list, from its first to its last. */
async function pagesOf({ store }: TestBackend, o: Omit<ListOptions, "after">): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ ...o, ...(after !== undefined && { after }) });
    pages.push(page.records.map((record) => record.jobId));
    after = page.next;
  } while (after !== undefined && pages.length < 100);
  return pages;
}

/** `DeadLetters.list`: every row once, page by page, in an order that people can use. */
export function listTests(test: TestCase): void {
  test(
    "by job id ascending, page by page, to the end",
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
    "one state, with the same records as get",
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
    "rows that wait or run: the next due first, page by page",
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
    "expected rows: the next poll first, page by page",
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
    "done and dead rows: the latest settled first, page by page",
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
    "rows of one time: each once",
    async (backend) => {
      const ids = Array.from({ length: 60 }, (_, index) => `job-${index}`);
      // Delivered at once, so that a store with a coarse clock gives many of them one due time.
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
    "rows that leave the list between two pages hide no others",
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

  test(
    "by prefix: by job id, of every state or of one",
    async (backend) => {
      const ids = ["a%1", "a%2", "a_1", "ab1", "a%3", "b", "\u{1F60A}1", "\u{1F60A}2", "\u{1F60B}"];
      for (const jobId of ids) await backend.leased(jobId);
      const lease = await backend.leased("a%4");
      await backend.store.settle(lease, { to: "dead", error: "x" });
      const pages = (prefix: string, state?: JobState) =>
        pagesOf(backend, { prefix, limit: 2, ...(state && { state }) });
      equal(
        await pages("a%"),
        [
          ["a%1", "a%2"],
          ["a%3", "a%4"],
        ],
        "a%",
      );
      equal(await pages("a_"), [["a_1"]], "a_");
      equal(await pages("\u{1F60A}"), [["\u{1F60A}1", "\u{1F60A}2"]], "an emoji");
      equal(await pages("a%", "leased"), [["a%1", "a%2"], ["a%3"]], "leased rows");
      equal(await pages("a%", "dead"), [["a%4"]], "dead rows");
      equal(await pages("c"), [[]], "none");
    },
    { needs },
  );

  test(
    "without payloads: the same records otherwise",
    async (backend) => {
      const bare = ({ payload: _payload, dueInMs: _dueInMs, ...record }: JobRecord) => record;
      for (const state of [...(await rowsInEveryState(backend)), undefined]) {
        const o = { limit: 10, ...(state && { state }) };
        const whole = await backend.store.list(o);
        const { records } = await backend.store.list({ ...o, payloads: false });
        equal(
          records.map((record) => record.payload),
          records.map(() => undefined),
          "payloads",
        );
        equal(records.map(bare), whole.records.map(bare), `the ${state ?? "listed"} rows`);
      }
    },
    { needs },
  );

  test(
    "an `after` of another list is refused",
    async (backend) => {
      for (const jobId of ["a", "b"]) {
        await backend.ingest(resultA(`pending-${jobId}`), 0);
        await backend.leased(`leased-${jobId}`);
      }
      const nextOf = async (o: Omit<ListOptions, "limit">) =>
        (await backend.store.list({ ...o, limit: 1 })).next ?? "";
      const refused: ListOptions[] = [
        { limit: 1, state: "leased", after: await nextOf({ state: "pending" }) },
        { limit: 1, state: "leased", after: await nextOf({}) },
        { limit: 1, after: await nextOf({ state: "leased" }) },
        { limit: 1, prefix: "pending", after: await nextOf({ prefix: "leased" }) },
        { limit: 1, after: "leased-a" },
        { limit: 1, after: "" },
      ];
      for (const o of refused) {
        const code = await backend.store.list(o).then(
          () => "none",
          (thrown: unknown) => (thrown as { code?: unknown }).code,
        );
        equal(code, "invalid_options", `the error's code of ${JSON.stringify(o)}`);
      }
    },
    { needs },
  );
}
