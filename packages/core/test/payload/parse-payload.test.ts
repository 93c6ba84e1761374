import { describe, expect, it } from "vitest";
import { type JobResult, parsePayload } from "../../src/index.ts";

const succeeded = (extra: object = {}) => ({
  job_id: "job_abc123xyz",
  status: "succeeded",
  output: { type: "image", items: [{ type: "image", url: "https://cdn.example/a.png" }] },
  credits_used: 1,
  completed_at: "2026-02-08T10:30:45Z",
  ...extra,
});

const failed = (extra: object = {}) => ({
  job_id: "job_abc123xyz",
  status: "failed",
  error: { code: "PROVIDER_FAILURE", message: "invalid input image" },
  ...extra,
});

function resultOf(value: unknown): JobResult {
  const parsed = parsePayload(value);
  if (parsed.kind !== "result") throw new Error(`Expected a result, got ${parsed.kind}`);
  return parsed.result;
}

const withItems = (items: unknown) => succeeded({ output: { type: "image", items } });

/** An object nested `levels` deep, the outermost included. */
const nested = (levels: number): object => {
  let value: object = {};
  for (let level = 1; level < levels; level += 1) value = { inner: value };
  return value;
};

describe("the provider's own examples are parsed", () => {
  it("succeeded", () => expect(resultOf(succeeded())).toEqual(succeeded()));
  it("failed", () => expect(resultOf(failed())).toEqual(failed()));
});

describe("deviations are tolerated", () => {
  it.each<[string, object, object]>([
    ["unknown keys are kept", succeeded({ extra: { a: [1, null] } }), { extra: { a: [1, null] } }],
    [
      "credits_used may be absent",
      succeeded({ credits_used: undefined }),
      { credits_used: undefined },
    ],
    [
      "credits_used of null is absent",
      succeeded({ credits_used: null }),
      { credits_used: undefined },
    ],
    [
      "credits_used of text is removed",
      succeeded({ credits_used: "1" }),
      { credits_used: undefined },
    ],
    ["credits_used may be a fraction", succeeded({ credits_used: 0.5 }), { credits_used: 0.5 }],
    [
      "completed_at of null is absent",
      succeeded({ completed_at: null }),
      { completed_at: undefined },
    ],
    [
      "completed_at of a number is removed",
      succeeded({ completed_at: 1 }),
      { completed_at: undefined },
    ],
    ["no items", withItems([]), { output: { type: "image", items: [] } }],
    [
      "an output type that is not known yet",
      succeeded({ output: { type: "hologram", items: [{ type: "mesh" }], fps: 24 } }),
      { output: { type: "hologram", items: [{ type: "mesh" }], fps: 24 } },
    ],
    [
      "an item's unknown keys",
      withItems([{ type: "image", width: 512, meta: { seed: 7 } }]),
      { output: { type: "image", items: [{ type: "image", width: 512, meta: { seed: 7 } }] } },
    ],
    ["an error of null", failed({ error: null }), { error: { code: "UNKNOWN", message: "" } }],
    ["no error", failed({ error: undefined }), { error: { code: "UNKNOWN", message: "" } }],
    [
      "an error of text",
      failed({ error: "boom" }),
      { error: { code: "UNKNOWN", message: "boom" } },
    ],
    ["an error list", failed({ error: ["boom"] }), { error: { code: "UNKNOWN", message: "" } }],
    [
      "an error without a code",
      failed({ error: { code: null, message: "boom", hint: 1 } }),
      { error: { code: "UNKNOWN", message: "boom", hint: 1 } },
    ],
    [
      "an error with a code of a number",
      failed({ error: { code: 500, message: null } }),
      { error: { code: "UNKNOWN", message: "" } },
    ],
    ["an output of null beside an error", failed({ output: null }), { status: "failed" }],
  ])("%s", (_, value, expected) => {
    const result = resultOf(value);
    for (const [key, field] of Object.entries(expected)) expect(result[key]).toEqual(field);
  });

  it("a removed field leaves no key in the result", () => {
    const result = resultOf(succeeded({ credits_used: null, completed_at: null }));
    expect(Object.keys(result)).toEqual(["job_id", "status", "output"]);
    const { output } = resultOf(withItems([{ type: "image", url: null }]));
    expect(output).toEqual({ type: "image", items: [{ type: "image" }] });
  });

  it.each([
    "javascript:alert(1)",
    "data:image/png;base64,AA==",
    "file:///etc/passwd",
    "ftp://example/a",
    "//cdn.example/a.png",
    "/a.png",
    "",
    7,
    {},
    ["https://cdn.example/a.png"],
  ])("a url of %j is removed, and its item is kept", (url) => {
    const result = resultOf(withItems([{ type: "image", url, width: 1 }]));
    expect(result["output"]).toEqual({ type: "image", items: [{ type: "image", width: 1 }] });
  });

  it.each(["http://cdn.example/a", "HTTPS://CDN.example/a?sig=1#x"])("a url of %j is kept", (url) =>
    expect(resultOf(withItems([{ type: "image", url }]))["output"]).toEqual({
      type: "image",
      items: [{ type: "image", url }],
    }),
  );
});

describe("each payload has a kind", () => {
  it.each(["processing", "queued", "pending", "starting", "in_progress"])(
    "%s is pending",
    (status) =>
      expect(parsePayload({ job_id: "j", status })).toEqual({ kind: "pending", jobId: "j" }),
  );

  it.each<[string, object]>([
    ["no status", { status: undefined }],
    ["a status of null", { status: null }],
    ["a status that is not known yet", { status: "cancelled" }],
    ["a status in capitals", { status: "SUCCEEDED" }],
    ["a status named like a method", { status: "constructor" }],
    ["a status of a number", { status: 1 }],
    ["no output", { output: undefined }],
    ["an output of null", { output: null }],
    ["an output of text", { output: "https://cdn.example/a.png" }],
    ["an output without a type", { output: { items: [] } }],
    ["an output without items", { output: { type: "image" } }],
    ["items of null", { output: { type: "image", items: null } }],
    ["items that are no list", { output: { type: "image", items: {} } }],
    ["an item of null", { output: { type: "image", items: [null] } }],
    ["an item without a type", { output: { type: "image", items: [{ url: "https://a.b" }] } }],
    ["an item with a type of null", { output: { type: "image", items: [{ type: null }] } }],
  ])("%s is unrecognized, and the parsed payload names its job", (_, extra) => {
    const parsed = parsePayload(succeeded(extra));
    expect(parsed).toEqual({
      kind: "unrecognized",
      jobId: "job_abc123xyz",
      reason: expect.stringMatching(/\w/),
    });
  });

  it.each([
    undefined,
    null,
    1,
    "text",
    true,
    [],
    [succeeded()],
    {},
    { job_id: null },
    { job_id: 7 },
  ])("%j is malformed", (value) =>
    expect(parsePayload(value)).toEqual({
      kind: "malformed",
      reason: expect.stringMatching(/\w/),
    }),
  );
});

describe("a job id", () => {
  it.each([
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "x".repeat(256),
    "\u{1F3A8}".repeat(128),
    "'; drop table jobs; --",
    "a:b/c?d=e#f",
    " ",
    "\u200b",
    "0",
  ])("%j is accepted", (job_id) => expect(resultOf(succeeded({ job_id })).job_id).toBe(job_id));

  it.each([
    "",
    "x".repeat(257),
    "\u{1F3A8}".repeat(129),
    "a\u0000b",
    "a\nb",
    "a\u007fb",
    "a\u0085b",
    "\ud83c",
    "a\udfa8",
    "\udfa8\ud83c",
  ])("%j is refused", (job_id) =>
    expect(parsePayload(succeeded({ job_id }))).toMatchObject({ kind: "malformed" }),
  );

  it("no reason repeats text of the payload", () => {
    for (const value of [succeeded({ job_id: "secret\n" }), { job_id: "j", status: "a secret" }]) {
      expect(JSON.stringify({ ...parsePayload(value), jobId: "" })).not.toContain("secret");
    }
  });
});

describe("the depth of a payload", () => {
  it("may be 64 levels, and not 65", () => {
    expect(parsePayload({ ...failed(), deep: nested(63) })).toMatchObject({ kind: "result" });
    expect(parsePayload({ ...failed(), deep: nested(64) })).toMatchObject({ kind: "malformed" });
  });

  it("includes lists as levels", () => {
    const lists = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    expect(parsePayload({ ...failed(), deep: lists(63) })).toMatchObject({ kind: "result" });
    expect(parsePayload({ ...failed(), deep: lists(64) })).toMatchObject({ kind: "malformed" });
  });

  it.each([
    ["another value", (deep: string) => `{"x":1,"deep":${deep}}`],
    ["another item", (deep: string) => `[1,${deep}]`],
    ["a key __proto__", (deep: string) => `{"__proto__":1,"deep":${deep}}`],
    ["an item with a key __proto__", (deep: string) => `[{"__proto__":1},${deep}]`],
  ])("is also counted after %s", (_, beside) => {
    const parse = (levels: number) => {
      const deep = beside("[".repeat(levels) + "]".repeat(levels));
      return parsePayload(JSON.parse(`{"job_id":"j","status":"queued","more":${deep}}`));
    };
    expect(parse(62)).toMatchObject({ kind: "pending" });
    expect(parse(63)).toMatchObject({ kind: "malformed" });
  });

  it.each(["extra", "output", "error", "status"])("of 100 000 levels in %s is refused", (key) => {
    const lists: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const objects = nested(100_000);
    for (const deep of [lists, objects]) {
      for (const value of [succeeded({ [key]: deep }), failed({ [key]: deep })]) {
        expect(parsePayload(value)).toMatchObject({ kind: "malformed" });
      }
    }
  });
});

describe("hostile keys in a payload", () => {
  const parse = (text: string) => resultOf(JSON.parse(text));
  const FAILED = '"job_id":"j","status":"failed"';

  it.each([
    `{"__proto__":{"polluted":true},${FAILED}}`,
    `{${FAILED},"error":{"__proto__":{"polluted":true},"code":"X","message":"m"}}`,
    `{"constructor":{"prototype":{"polluted":true}},${FAILED}}`,
    `{"job_id":"j","status":"succeeded","output":{"type":"image","__proto__":{"polluted":true},
      "items":[{"type":"image","__proto__":{"polluted":true,"url":"https://evil.example"}}]}}`,
  ])("do not change a prototype: %s", (text) => {
    const result = parse(text);
    const parts = [
      result,
      ...(result.status === "failed" ? [result.error] : [result.output, ...result.output.items]),
    ];
    for (const part of parts) {
      expect(Object.getPrototypeOf(part)).toBe(Object.prototype);
      expect("polluted" in part).toBe(false);
    }
    expect("polluted" in {}).toBe(false);
  });

  it("do not give a payload an inherited job_id", () => {
    const text = '{"__proto__":{"job_id":"j","status":"failed"}}';
    expect(parsePayload(JSON.parse(text))).toMatchObject({ kind: "malformed" });
  });
});

it("parsePayload never changes its argument", () => {
  const freeze = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) {
      Object.values(value).forEach(freeze);
      Object.freeze(value);
    }
    return value;
  };
  for (const value of [
    succeeded({ credits_used: "1", completed_at: null }),
    withItems([{ type: "image", url: "javascript:alert(1)" }]),
    failed({ error: null }),
    failed({ error: { code: null } }),
  ]) {
    const before = structuredClone(value);
    expect(parsePayload(freeze(value)).kind).toBe("result");
    expect(value).toEqual(before);
  }
});
