import { equal } from "../assert.ts";
import { bodyOf, bytewise, utf8 } from "./body-builders.ts";
import type { TestCase } from "./test-case.ts";
import type { Body } from "./test-endpoint.ts";

// `JSON.stringify(JSON.parse(TEXT))` would change its spacing, escapes and large number.
const TEXT =
  '{ "status":"failed","n":12345678901234567890,"é":"\\u00e9 ü 漢 🚀",\n "job_id":"job_1" }';

/** Tests of bodies that are unusual but valid. */
export function goodBodyTests(test: TestCase): void {
  const types = [
    "application/json; charset=utf-8",
    "text/plain",
    "application/vnd.abstrakt+json",
    "application/x-www-form-urlencoded",
    "nonsense",
  ];
  const bodies: readonly (readonly [string, Body, Record<string, string>?])[] = [
    ...types.map((type) => [`content type ${type}`, TEXT, { "content-type": type }] as const),
    ["no content type", utf8(TEXT)],
    ["content encoding identity", TEXT, { "content-encoding": "identity" }],
    ["content encoding identity, twice", TEXT, { "content-encoding": "identity, identity" }],
    ["a byte order mark", `\uFEFF${TEXT}`],
    ["one byte at a time", bodyOf(bytewise(TEXT))],
    ["white space around it", `\r\n\t ${TEXT} \n`],
  ];
  for (const [name, body, headers = {}] of bodies) {
    test(`${name}: accepted, and kept unchanged`, {}, async ({ send, target }) => {
      const answer = await send(body, { headers });
      equal([answer.status, answer.body], [200, { received: true }], "answer");
      const { records } = await target.report();
      equal(records[0]?.payload?.trim(), TEXT, "payload of the row");
    });
  }

  test(
    "a body of exactly the limit",
    { limits: { maxBodyBytes: utf8(TEXT).length } },
    async (endpoint) => {
      equal((await endpoint.send(TEXT)).status, 200, "status");
    },
  );
}
