import { equal } from "../assert.ts";
import { succeededPayload } from "../payloads.ts";
import type { TestCase } from "./test-case.ts";

const CONCURRENCY = 3;

/** Tests of hosts that are not made for servers, such as edge runtimes. */
export function hostTests(test: TestCase): void {
  test(
    "when setImmediate throws, every callback runs and every slot is freed",
    { immediate: "throws", limits: { concurrency: CONCURRENCY } },
    async (endpoint) => {
      // Send three times as many results as there are slots. If a slot is never freed, a later
      // result waits for ever.
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
