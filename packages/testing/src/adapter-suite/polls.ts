import { equal } from "../assert.ts";
import { failedPayload, succeededPayload } from "../payloads.ts";
import type { TestCase } from "./test-case.ts";

const DELIVERIES = 50;

/** Tests of results that arrive by webhook, by poll, or by both at once. */
export function pollTests(test: TestCase): void {
  test(
    "a result without a webhook is polled, and a later webhook is a duplicate",
    {},
    async (endpoint) => {
      const payload = failedPayload();
      equal(await endpoint.target.expect(payload), "expected", "expect");
      const done = await endpoint.until(
        "a row that is done",
        ({ records }) => records[0]?.state === "done",
      );
      equal([done.records[0]?.source, done.polls], ["poll", [payload.job_id]], "source, polls");
      const { status, body } = await endpoint.send(payload);
      equal([status, body], [200, { received: true, duplicate: true }], "answer");
      equal((await endpoint.target.report()).calls.length, 1, "calls");
    },
  );

  test(
    `a poll and ${DELIVERIES} webhooks at once run one callback`,
    { poll: "held" },
    async (endpoint) => {
      const payload = succeededPayload();
      await endpoint.target.expect(payload);
      await endpoint.until("a poll", ({ polls }) => polls.length === 1);
      const [answers] = await Promise.all([
        Promise.all(Array.from({ length: DELIVERIES }, () => endpoint.send(payload))),
        endpoint.target.release(),
      ]);
      equal(answers.filter(({ status }) => status === 200).length, DELIVERIES, "answers of 200");
      const { calls, records } = await endpoint.until(
        "all of them at the store, and a row that is done",
        ({ ingests, records: rows }) => ingests === DELIVERIES + 1 && rows[0]?.state === "done",
      );
      equal([calls.length, records.length], [1, 1], "calls, rows");
    },
  );

  test("`expect` after a webhook answers arrived, and nothing is polled", {}, async (endpoint) => {
    const payload = succeededPayload();
    equal((await endpoint.send(payload)).body, { received: true }, "answer");
    equal(await endpoint.target.expect(payload), "arrived", "expect");
    const done = await endpoint.until(
      "a row that is done",
      ({ records }) => records[0]?.state === "done",
    );
    equal([done.calls.length, done.polls], [1, []], "calls, polls");
  });
}
