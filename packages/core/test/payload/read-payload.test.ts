import { describe, expect, it } from "vitest";
import { readValue, toPayload } from "../../src/payload/read-payload.ts";
import { storedResult, whyUnrecognized } from "../../src/payload/parse-payload.ts";

const bytes = (text: string) => ({ bytes: new TextEncoder().encode(text) });
const isMalformed = (reason: string) =>
  expect.objectContaining({ code: "malformed", message: `Expected a job's payload: ${reason}.` });
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("the reason why a body is refused is given", () => {
  it.each([
    ["", "the body is empty"],
    [" \r\n\t", "the body is empty"],
    ["{", "the body is not valid JSON"],
    ["[]", "the body is not a JSON object"],
    ["null", "the body is not a JSON object"],
    [
      "{}",
      "`job_id` is not a string of 1 to 256 characters free of control characters and lone surrogates",
    ],
    [`{"job_id":"a","deep":${deep(64)}}`, "the body nests deeper than 64 levels"],
  ])("%j", (text, reason) => {
    expect(() => toPayload(bytes(text), 1_000)).toThrow(isMalformed(reason));
  });

  it("for bytes that are no UTF-8", () => {
    expect(() => toPayload({ bytes: Uint8Array.of(0x7b, 0xff, 0x7d) }, 1_000)).toThrow(
      isMalformed("the body is not valid UTF-8"),
    );
  });
});

it.each(['{"deep":null}', "[1]", '[""]'])(
  "%s in the last allowed level counts as no further level",
  (innermost) => {
    const text = `{"job_id":"a","status":"queued","deep":${deep(62).replace("[]", `[${innermost}]`)}}`;
    expect(readValue(JSON.parse(text))).toMatchObject({ jobId: "a" });
  },
);

const result = { job_id: "a", status: "failed", error: { code: "X", message: "m" } };

it.each<[string, Parameters<typeof toPayload>[0]]>([
  ["bytes", bytes(JSON.stringify(result))],
  ["a value that an earlier parser has read", { parsed: result }],
])("toPayload reads a result from %s, and names its job", (_, body) => {
  expect(toPayload(body, 1_000)).toEqual({
    jobId: "a",
    parsed: { kind: "result", result },
    text: JSON.stringify(result),
  });
});

describe("a value that an earlier parser has read", () => {
  it.each([undefined, () => 0])("is no object when it has no JSON text: %s", (value) => {
    expect(() => readValue(value)).toThrow(isMalformed("the body is not a JSON object"));
  });

  it("keeps the error as its cause when it cannot be turned into JSON", () => {
    expect(() => readValue({ job_id: "a", cost: 1n })).toThrow(
      expect.objectContaining({
        message: "Expected a job's payload: it has a value that JSON cannot hold.",
        cause: expect.any(TypeError),
      }),
    );
  });

  it("may have as many bytes as the limit, and not one more", () => {
    const values = [
      { job_id: "a", status: "queued" },
      { job_id: "é🎨", status: "queued" },
    ];
    for (const value of values) {
      const size = Buffer.byteLength(JSON.stringify(value));
      expect(readValue(value, size)).toMatchObject({ jobId: value.job_id });
      expect(() => readValue(value, size - 1)).toThrow(
        expect.objectContaining({ code: "body_too_large" }),
      );
    }
  });

  it.each([
    [{ '{"job_id":"a"}': "" }, "body_consumed"],
    [{ '  {"job_id":"a"}': "" }, "body_consumed"],
    [{ 'a{"job_id":"a"}': "" }, "malformed"],
    [{ a: "", "{": "" }, "malformed"],
    ["{", "malformed"],
    [[], "malformed"],
    [{}, "malformed"],
    [null, "malformed"],
  ])("came through a form parser when its first key opens an object: %j", (value, code) => {
    expect(() => readValue(value)).toThrow(expect.objectContaining({ code }));
  });
});

it("the result in a row's payload is found", () => {
  expect(storedResult(JSON.stringify(result))).toEqual(result);
});

it.each([
  ["{", "the payload is no JSON"],
  ["[]", "the body is not a JSON object"],
  ['{"job_id":"a","status":"odd"}', '`status` is "odd", which is unknown'],
  ['{"job_id":"a","status":"queued"}', "the payload holds no result"],
])("a row with the payload %s has no result, and the reason is given", (payload, reason) => {
  expect(storedResult(payload)).toBeUndefined();
  expect(whyUnrecognized(payload)).toBe(reason);
});
