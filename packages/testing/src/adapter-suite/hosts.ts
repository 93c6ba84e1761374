import { equal } from "../assert.ts";
import { succeededPayload } from "../payloads.ts";
import type { TestCase } from "./test-case.ts";

const CONCURRENCY = 3;

/** What a host does that is not made for servers, such as an edge runtime. */
export function hostTests(test: TestCase): void {
  test(
    "a setImmediate that throws stops no callback, and keeps no slot from the next",
    { immediate: "throws", limits: { concurrency: CONCURRENCY } },
    async (endpoint) => {
      // More than once as many as there are slots: one that is kept for good shows in the second round.
      for (let sent = 0; sent < 3 * CONCURRENCY; sent += 1) {
        const answer = await endpoint.send(succeededPayload());
        equal([answer.status, answer.body], [200, { received: true }], `answer ${sent}`);
      }
      const { calls } = await endpoint.until(
        "every row done",
        ({ records }) => records.filter(({ state }) => state === "done").length === 3 * CONCURRENCY,
      );
      equal(calls.length, 3 * CONCURRENCY, "calls");
      equal((await endpoint.target.uncaught?.()) ?? [], [], "errors that nobody caught");
    },
  );
}
