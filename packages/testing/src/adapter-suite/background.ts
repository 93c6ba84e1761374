import { equal, ok } from "../assert.ts";
import { succeededPayload } from "../payloads.ts";
import type { TestCase } from "./test-case.ts";
import type { CallbackKind } from "./setup.ts";

const DELIVERIES = 200;
const STORM = 1_000;
const FAILING: readonly CallbackKind[] = [
  "throw",
  "reject",
  "reject-undefined",
  "throw-string",
  "hang",
];

/** Tests that callbacks and polls after the answer do not affect any answer. */
export function backgroundTests(test: TestCase): void {
  test("the answer comes before the callback has ended", { callback: "held" }, async (endpoint) => {
    equal((await endpoint.send(succeededPayload())).status, 200, "status");
    const before = await endpoint.until("a callback that runs", ({ calls }) => calls.length === 1);
    equal(before.calls[0]?.ended, false, "ended before it was released");
    await endpoint.target.release();
    await endpoint.until("a row that is done", ({ records }) => records[0]?.state === "done");
  });

  for (const callback of FAILING) {
    const setup = {
      callback,
      retry: { maxAttempts: 2, minDelayMs: 1 },
      limits: { handlerTimeoutMs: 50 },
    };
    const name = `${DELIVERIES} callbacks that ${callback} affect no other request and end as dead letters`;
    test(name, setup, async ({ send, target, until }) => {
      const connection = target.oneConnection?.();
      try {
        for (let sent = 0; sent < DELIVERIES; sent += 1) {
          const answer = await send(succeededPayload(), connection && { by: connection });
          equal([answer.status, answer.body], [200, { received: true }], `answer ${sent}`);
        }
        equal(connection?.connections() ?? 1, 1, "connections");
      } finally {
        await connection?.close();
      }
      const { calls, records } = await until(
        "a dead letter each",
        ({ dead }) => dead.length === DELIVERIES,
      );
      equal(calls.length, 2 * DELIVERIES, "attempts in all");
      ok(
        records.every(({ state, attempts }) => state === "dead" && attempts === 2),
        "every row dead after two",
      );
      equal((await target.uncaught?.()) ?? [], [], "errors that nobody caught");
    });
  }

  test(
    `${STORM} identical requests at once run one callback and get ${STORM} times 200`,
    {},
    async (endpoint) => {
      const payload = succeededPayload();
      const answers = await Promise.all(
        Array.from({ length: STORM }, () => endpoint.send(payload)),
      );
      equal(answers.filter(({ status }) => status === 200).length, STORM, "answers of 200");
      const fresh = answers.filter(({ body }) => !(body as { duplicate?: true }).duplicate);
      equal(
        fresh.map(({ body }) => body),
        [{ received: true }],
        "answers that are no duplicate",
      );
      const { calls, ingests } = await endpoint.until(
        "a row that is done",
        ({ records }) => records[0]?.state === "done",
      );
      equal([calls.length, ingests], [1, STORM], "calls, and deliveries that reached the store");
    },
  );
}
