import { equal } from "../assert.ts";
import { failedPayload, succeededPayload } from "../payloads.ts";
import type { TestCase } from "./cases.ts";

const DELIVERIES = 50;

/** A result that comes by webhook, by poll, or by both at once. */
export function pollTests(test: TestCase): void {
  test(
    "a result that no webhook brings is polled, and its webhook a duplicate then",
    {},
    async (rig) => {
      const payload = failedPayload();
      equal(await rig.target.expect(payload), "expected", "expect");
      const done = await rig.until(
        "a row that is done",
        ({ records }) => records[0]?.state === "done",
      );
      equal([done.records[0]?.source, done.polls], ["poll", [payload.job_id]], "source, polls");
      const { status, body } = await rig.send(payload);
      equal([status, body], [200, { received: true, duplicate: true }], "answer");
      equal((await rig.target.report()).calls.length, 1, "calls");
    },
  );

  test(`a poll and ${DELIVERIES} webhooks race: one callback`, { poll: "held" }, async (rig) => {
    const payload = succeededPayload();
    await rig.target.expect(payload);
    await rig.until("a poll", ({ polls }) => polls.length === 1);
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: DELIVERIES }, () => rig.send(payload))),
      rig.target.release(),
    ]);
    equal(answers.filter(({ status }) => status === 200).length, DELIVERIES, "answers of 200");
    const { calls, records } = await rig.until(
      "all of them at the store, and a row that is done",
      ({ ingests, records: rows }) => ingests === DELIVERIES + 1 && rows[0]?.state === "done",
    );
    equal([calls.length, records.length], [1, 1], "calls, rows");
  });

  test("a webhook before `expect`: it has arrived, and nobody polls", {}, async (rig) => {
    const payload = succeededPayload();
    equal((await rig.send(payload)).body, { received: true }, "answer");
    equal(await rig.target.expect(payload), "arrived", "expect");
    const done = await rig.until(
      "a row that is done",
      ({ records }) => records[0]?.state === "done",
    );
    equal([done.calls.length, done.polls], [1, []], "calls, polls");
  });
}
