import { equal, ok } from "../assert.ts";
import { failedPayload, succeededPayload } from "../payloads.ts";
import { bodyOf, utf8 } from "./body-builders.ts";
import type { TestCase } from "./test-case.ts";

/** Tests of requests that are refused for a reason other than their body. */
export function refusalTests(test: TestCase): void {
  for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
    test(`${method} is 405 and says what is allowed`, {}, async ({ send, refused, target }) => {
      const answer = await send(method === "GET" ? undefined : succeededPayload(), { method });
      await refused(answer, 405, "method_not_allowed");
      equal(answer.headers["allow"], "POST", "Allow");
      equal((await target.report()).ingests, 0, "deliveries that reached the store");
    });
  }

  const unauthorized = [
    ["no token", {}],
    ["a wrong token in the URL", { query: "?token=wrong" }],
    ["a wrong token in a header", { headers: { authorization: "Bearer wrong" } }],
  ] as const;
  for (const [what, o] of unauthorized) {
    // The rest of the body never arrives. An endpoint that waits for the body answers 408.
    const setup = { auth: "token", limits: { bodyTimeoutMs: 300 } } as const;
    test(`${what} is 401 before the body is read or the store asked`, setup, async (endpoint) => {
      const body = bodyOf([utf8(JSON.stringify(succeededPayload()))], "stalls");
      await endpoint.refused(await endpoint.send(body, o), 401, "unauthorized");
      equal((await endpoint.target.report()).ingests, 0, "deliveries that reached the store");
    });
  }

  test("a token in the URL or in a header is accepted", { auth: "token" }, async ({ send }) => {
    for (const o of [
      { query: "?token=suite-a" },
      { headers: { AUTHORIZATION: "Bearer suite-a" } },
    ]) {
      const answer = await send(succeededPayload(), o);
      equal([answer.status, answer.body], [200, { received: true }], "answer");
    }
  });

  test(
    "a token bound to another job's result is a conflict",
    { auth: "token" },
    async (endpoint) => {
      const payload = succeededPayload();
      await endpoint.send(payload, { query: "?token=suite-a" });
      const answer = await endpoint.send(payload, { query: "?token=suite-b" });
      equal([answer.status, answer.body], [200, { received: true, conflict: true }], "answer");
      const { records } = await endpoint.target.report();
      equal([records[0]?.binding, records[0]?.conflicts], ["suite-a", 1], "binding and conflicts");
    },
  );

  test("an admission that throws is 500", { auth: "throws" }, async ({ send, refused }) => {
    await refused(await send(succeededPayload()), 500, "internal");
  });

  test("a store that fails is 503", { store: "failing" }, async (endpoint) => {
    const answer = await endpoint.send(succeededPayload());
    await endpoint.refused(answer, 503, "store_unavailable");
    expectRetryAfter(answer.headers);
  });

  const silent = { store: "silent", limits: { storeTimeoutMs: 100 } } as const;
  test("a store that is silent is 503", silent, async (endpoint) => {
    const answer = await endpoint.send(succeededPayload());
    await endpoint.refused(answer, 503, "store_unavailable");
    expectRetryAfter(answer.headers);
  });

  test("a full store is 503", { callback: "held", maxLive: 1 }, async ({ send, target }) => {
    equal((await send(succeededPayload())).status, 200, "status of the first");
    const second = failedPayload();
    const answer = await send(second);
    equal(answer.status, 503, "status of the second");
    expectRetryAfter(answer.headers);
    const { records } = await target.report();
    ok(
      records.every(({ jobId }) => jobId !== second.job_id),
      "no row of the second",
    );
  });

  test("a draining receiver on a volatile store is 503", {}, async ({ send, refused, target }) => {
    equal((await send({ job_id: "x", status: "pending" })).status, 200, "status before");
    await target.drain();
    const answer = await send(succeededPayload());
    await refused(answer, 503, "draining");
    expectRetryAfter(answer.headers);
  });
}

/** Fails unless the answer tells the sender when to try again. */
export function expectRetryAfter(headers: Readonly<Record<string, string>>): void {
  ok(/^[1-9]\d*$/.test(headers["retry-after"] ?? ""), "Retry-After in whole seconds");
}
