import { equal } from "../assert.ts";
import {
  failedPayload,
  mediaOutput,
  pendingPayload,
  succeededPayload,
  unrecognizedPayload,
} from "../payloads.ts";
import type { TestCase } from "./test-case.ts";
import type { AdapterSetup } from "./setup.ts";

const retry = { maxAttempts: 2, minDelayMs: 60_000 };

/** Each state of a row that has a result, and a callback that leads to it. */
const STATES: readonly (readonly [string, AdapterSetup])[] = [
  ["leased", { callback: "held" }],
  ["pending", { callback: "throw", retry }],
  ["done", { callback: "ok" }],
  ["dead", { callback: "throw", retry: { ...retry, maxAttempts: 1 } }],
];

/** Tests of requests that are answered 200, with `ack: "stored"`. */
export function acceptedTests(test: TestCase): void {
  for (const payload of [succeededPayload(), failedPayload()]) {
    const { job_id: jobId, status } = payload;
    test(
      `a new result that ${status} is received, and its callback runs`,
      {},
      async ({ send, until }) => {
        const answer = await send(payload);
        equal([answer.status, answer.body], [200, { received: true }], "answer");
        const { calls } = await until(
          "a callback that ends",
          (report) => report.calls[0]?.ended === true,
        );
        equal(calls, [{ jobId, status, attempt: 1, ended: true }], "calls");
      },
    );
  }

  for (const [state, setup] of STATES) {
    test(`the same result again is a duplicate when it is ${state}`, setup, async (endpoint) => {
      const payload = succeededPayload();
      await endpoint.send(payload);
      await endpoint.until(
        `a row that is ${state}`,
        ({ calls, records }) => calls.length === 1 && records[0]?.state === state,
      );
      const again = await endpoint.send(payload);
      equal([again.status, again.body], [200, { received: true, duplicate: true }], "answer");
      const { calls, records } = await endpoint.target.report();
      equal([calls.length, records.length, records[0]?.state], [1, 1, state], "calls, rows, state");
    });
  }

  test("a different result for the same job is a conflict", {}, async ({ send, until, target }) => {
    const first = succeededPayload();
    await send(first);
    await until("a row that is done", ({ records }) => records[0]?.state === "done");
    for (const other of [
      { ...first, output: mediaOutput("video") },
      failedPayload({ job_id: first.job_id }),
    ]) {
      const answer = await send(other);
      equal([answer.status, answer.body], [200, { received: true, conflict: true }], "answer");
    }
    const { calls, records } = await target.report();
    equal([calls.length, records[0]?.conflicts], [1, 2], "calls and conflicts");
  });

  test("a pending status is ignored", {}, async ({ send, target }) => {
    const answer = await send(pendingPayload());
    equal([answer.status, answer.body], [200, { received: true, ignored: true }], "answer");
    const { ingests, records } = await target.report();
    equal([ingests, records], [0, []], "what reached the store");
  });

  test("an unrecognised payload is ignored, and kept", {}, async ({ send, until }) => {
    const payload = unrecognizedPayload();
    const answer = await send(payload);
    equal([answer.status, answer.body], [200, { received: true, ignored: true }], "answer");
    const { calls, dead, records } = await until("onDead", (report) => report.dead.length > 0);
    equal([calls, dead], [[], [payload.job_id]], "calls and dead letters");
    equal([records[0]?.state, records[0]?.payload], ["dead", JSON.stringify(payload)], "row");
  });

  test(
    "the ids __proto__, constructor and one of 256 characters are accepted",
    {},
    async ({ send, until }) => {
      const ids = ["__proto__", "constructor", "ü".repeat(256), "a b/c?d#e"];
      for (const id of ids) {
        // This is text because `__proto__` in an object literal is no key.
        const answer = await send(`{"job_id":${JSON.stringify(id)},"status":"failed"}`);
        equal([answer.status, answer.body], [200, { received: true }], `answer to ${id}`);
      }
      const { calls } = await until(
        "a callback each",
        (report) => report.calls.length === ids.length,
      );
      equal(
        calls.map((call) => call.jobId),
        ids,
        "ids",
      );
    },
  );
}
