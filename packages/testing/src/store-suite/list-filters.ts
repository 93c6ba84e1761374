import type { JobRecord, JobState, ListOptions } from "@abstrakt-webhooks/core";
import { equal } from "../assert.ts";
import { pagesOf } from "./lists.ts";
import { rowsInEveryState } from "./rows-in-every-state.ts";
import { resultA } from "./sample-deliveries.ts";
import type { TestCase } from "./test-case.ts";

const needs = ["deadLetters"] as const;

/** `DeadLetters.list`: which rows its options select, and which options it refuses. */
export function listFilterTests(test: TestCase): void {
  test(
    "a prefix selects rows by job id, in every state or in one",
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
    "without payloads the records are otherwise the same",
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
