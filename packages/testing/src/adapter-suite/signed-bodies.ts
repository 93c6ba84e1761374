import { equal } from "../assert.ts";
import { bodyOf, bytewise, utf8 } from "./body-builders.ts";
import { sign } from "./sign.ts";
import type { TestCase } from "./test-case.ts";
import type { Body } from "./test-endpoint.ts";

const setup = { auth: "signature", limits: { maxBodyBytes: 1_000 } } as const;
// `JSON.stringify(JSON.parse(TEXT))` would change its spacing, escapes and large number.
const TEXT =
  '\uFEFF { "status":"failed","n":12345678901234567890,"\u00e9":"\\u00e9", "job_id":"job_1" }\n';

/** Tests of signed bodies. An adapter must pass on the bytes exactly as they arrived. */
export function signedBodyTests(test: TestCase): void {
  const ways: readonly (readonly [string, () => Body])[] = [
    ["in one piece", () => utf8(TEXT)],
    ["one byte at a time", () => bodyOf(bytewise(TEXT))],
  ];
  for (const [way, body] of ways) {
    test(`a signed body that comes ${way} is accepted`, setup, async ({ send }) => {
      const answer = await send(body(), { headers: await sign(TEXT) });
      equal([answer.status, answer.body], [200, { received: true }], "answer");
    });
  }

  const refusals: readonly (readonly [string, string, string | Uint8Array<ArrayBuffer>])[] = [
    ["one byte more than was signed", "wrong_signature", `${TEXT} `],
    ["another text", "wrong_signature", '{"job_id":"job_2","status":"failed"}'],
    ["nothing", "wrong_signature", ""],
    ["a body that is no JSON", "wrong_signature", "{"],
    ["a body that is no UTF-8", "wrong_signature", Uint8Array.of(0xff)],
  ];
  for (const [what, reason, body] of refusals) {
    test(
      `a signature over another body is 401 before ${what} is parsed`,
      setup,
      async (endpoint) => {
        const answer = await endpoint.send(body, { headers: await sign(TEXT) });
        await endpoint.refused(answer, 401, "unauthorized", reason);
      },
    );
  }

  test("a body without a signature is 401", setup, async (endpoint) => {
    const answer = await endpoint.send(utf8(TEXT));
    await endpoint.refused(answer, 401, "unauthorized", "missing_signature");
  });

  test("a signed body over the limit is 413", setup, async (endpoint) => {
    const large = `${TEXT}${" ".repeat(1_000)}`;
    const answer = await endpoint.send(large, { headers: await sign(large) });
    await endpoint.refused(answer, 413, "body_too_large");
  });

  test("a signed body that is no JSON is 400", setup, async (endpoint) => {
    const answer = await endpoint.send("{", { headers: await sign("{") });
    await endpoint.refused(answer, 400, "malformed");
  });
}
