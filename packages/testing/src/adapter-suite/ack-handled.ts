import { equal, ok } from "../assert.ts";
import { succeededPayload } from "../payloads.ts";
import type { TestCase } from "./test-case.ts";
import { expectRetryAfter } from "./refused-requests.ts";
import type { TestEndpoint } from "./test-endpoint.ts";
import type { AdapterSetup } from "./setup.ts";

const RACES = 20;
const retry = { minDelayMs: 60_000 };
const handled = (setup: AdapterSetup = {}): AdapterSetup => ({ ack: "handled", retry, ...setup });

/** Tests of the answers with `ack: "handled"`. */
export function handledTests(test: TestCase): void {
  test(
    "a callback that succeeds is 200",
    handled({ callback: "slow", slowMs: 20 }),
    async (endpoint) => {
      const answer = await endpoint.send(succeededPayload());
      equal([answer.status, answer.body], [200, { received: true }], "answer");
      const { calls, records } = await endpoint.target.report();
      equal(
        [calls[0]?.ended, records[0]?.state],
        [true, "done"],
        "ended and recorded before the answer",
      );
    },
  );

  const late = handled({ callback: "held", limits: { ackTimeoutMs: 100 } });
  test(
    "a callback that exceeds ackTimeoutMs is 503, runs on, and counts once",
    late,
    async (endpoint) => {
      const payload = succeededPayload();
      await expectNotHandled(endpoint, payload);
      await expectNotHandled(endpoint, payload);
      await endpoint.target.release();
      await endpoint.until("a row that is done", ({ records }) => records[0]?.state === "done");
      const again = await endpoint.send(payload);
      equal([again.status, again.body], [200, { received: true, duplicate: true }], "answer");
      equal((await endpoint.target.report()).calls.length, 1, "calls");
    },
  );

  const racing = handled({ callback: "slow", slowMs: 40, limits: { ackTimeoutMs: 40 } });
  test("a callback that ends at the timeout gets one answer", racing, async (endpoint) => {
    const sent = Array.from({ length: RACES }, () => endpoint.send(succeededPayload()));
    for (const { status } of await Promise.all(sent))
      ok(status === 200 || status === 503, "200 or 503");
    const { calls } = await endpoint.until(
      "every row done",
      ({ records }) => records.filter(({ state }) => state === "done").length === RACES,
    );
    equal(calls.length, RACES, "calls");
  });

  test(
    "a callback that fails is 503; a redelivery runs it at once",
    handled({ callback: "fail-once" }),
    async (endpoint) => {
      const payload = succeededPayload();
      await expectNotHandled(endpoint, payload);
      const again = await endpoint.send(payload);
      equal([again.status, again.body], [200, { received: true }], "answer to the redelivery");
      const { calls, records } = await endpoint.target.report();
      equal(
        calls.map(({ attempt }) => attempt),
        [1, 2],
        "attempts",
      );
      equal(records[0]?.state, "done", "state");
    },
  );

  const deadly = handled({ callback: "throw", retry: { ...retry, maxAttempts: 1 } });
  test("the result of a dead job is a duplicate", deadly, async (endpoint) => {
    const payload = succeededPayload();
    await expectNotHandled(endpoint, payload);
    const again = await endpoint.send(payload);
    equal([again.status, again.body], [200, { received: true, duplicate: true }], "answer");
    equal((await endpoint.target.report()).dead, [payload.job_id], "dead letters");
  });
}

async function expectNotHandled({ send }: TestEndpoint, payload: object): Promise<void> {
  const answer = await send(payload);
  equal(answer.status, 503, "status");
  const { error } = answer.body as { error?: { code?: string } };
  equal(error?.code, "not_handled", "code");
  expectRetryAfter(answer.headers);
}
