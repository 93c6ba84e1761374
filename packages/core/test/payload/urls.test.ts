import { describe, expect, it } from "vitest";
import { fingerprint, type JobResult, parsePayload } from "../../src/index.ts";

const parsedUrl = (url: unknown): { url: unknown; removed: number | undefined } => {
  const output = { type: "image", items: [{ type: "image", url }] };
  const parsed = parsePayload({ job_id: "a", status: "succeeded", output });
  if (parsed.kind !== "result" || parsed.result.status !== "succeeded")
    throw new Error("no result");
  return { url: parsed.result.output.items[0]?.url, removed: parsed.removedUrls };
};

describe("an item's url", () => {
  it.each([
    "https://cdn.test/a.png",
    "http://cdn.test",
    "HTTPS://cdn.test/a b.png",
    "https://[::1]:3000/a",
    "https://user@cdn.test/",
    // Not white space that a URL parser removes.
    "https://cdn.test/a\u00a0",
  ])("%s is kept unchanged", (url) => {
    expect(parsedUrl(url)).toEqual({ url, removed: undefined });
  });

  it.each([
    " https://cdn.test/a.png",
    "https://cdn.test/a.png\n",
    "https://cdn.test/a.png ",
    "\t https://cdn.test/a.png \r\n",
  ])("%j is trimmed", (url) => {
    expect(parsedUrl(url)).toEqual({ url: "https://cdn.test/a.png", removed: undefined });
  });

  it.each([
    "https://",
    "https:// ",
    "http:///",
    "https://?x=1",
    "https://#x",
    "ftp://cdn.test/a.png",
    "javascript:alert(1)//https://cdn.test",
    "data:text/html,x",
    "//cdn.test/a.png",
    "",
    5,
    {},
  ])("%j is removed and counted", (url) => {
    expect(parsedUrl(url)).toEqual({ url: undefined, removed: 1 });
  });

  it.each([null, undefined])("%j is no url, so none is removed", (url) => {
    expect(parsedUrl(url)).toEqual({ url: undefined, removed: undefined });
  });
});

describe("the key __proto__", () => {
  const evil = '{"polluted":true,"__proto__":{"deeper":1}}';
  const texts = [
    `{"job_id":"a","status":"failed","__proto__":${evil},"x":{"__proto__":${evil}},"error":{"code":"C","message":"m","__proto__":${evil},"more":[{"__proto__":${evil}}]}}`,
    `{"job_id":"a","status":"succeeded","output":{"type":"image","__proto__":${evil},"items":[{"type":"image","url":"https://cdn.test/a","__proto__":${evil},"meta":{"__proto__":${evil}}}]}}`,
  ];
  it.each(texts)("is removed at every level of %s", (text) => {
    const value: unknown = JSON.parse(text);
    const parsed = parsePayload(value);
    const { result } = parsed as { result: JobResult };
    expect(JSON.stringify(result)).not.toMatch(/__proto__|polluted/);
    const merged: Record<string, unknown> = {};
    const assignAll = (target: Record<string, unknown>, source: object): void => {
      for (const [key, inner] of Object.entries(source)) {
        target[key] = inner;
        if (typeof inner === "object" && inner !== null) assignAll({}, inner);
      }
    };
    assignAll(merged, result);
    expect(merged["polluted"]).toBeUndefined();
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
  });

  it.each<[string, unknown]>([
    ['{"x":{"__proto__":1},"y":2}', { x: {}, y: 2 }],
    ['[1,{"__proto__":1},2]', [1, {}, 2]],
    ['{"__proto__":1,"x":null}', { x: null }],
  ])("is removed from %s, where it is the only one", (text, kept) => {
    const parsed = parsePayload(JSON.parse(`{"job_id":"a","status":"failed","more":${text}}`));
    expect((parsed as { result: JobResult }).result["more"]).toEqual(kept);
    expect(JSON.stringify(parsed)).not.toContain("__proto__");
  });

  it("is the only key that is removed", () => {
    const [text = ""] = texts;
    const without = JSON.parse(text.replaceAll(`"__proto__":${evil}`, '"y":1')) as JobResult;
    const parsed = parsePayload(JSON.parse(text)) as { result: JobResult };
    expect(fingerprint(parsed.result)).toBe(fingerprint(without));
    expect(parsed.result).toMatchObject({ x: {}, error: { code: "C", message: "m", more: [{}] } });
  });
});

describe("the reason names the field that is not recognised", () => {
  it.each<[unknown, string]>([
    [{ status: "archived" }, '`status` is "archived"'],
    [{}, "`status` is missing"],
    [{ status: null }, "`status` is missing"],
    [{ status: 5 }, "`status` is a number"],
    [{ status: "x".repeat(1_000) }, "`status` is text"],
    [{ status: "https://cdn.test/?k=1" }, "`status` is text"],
    [{ status: "succeeded" }, "`output` is missing, not an object"],
    [{ status: "succeeded", output: [] }, "`output` is an array, not an object"],
    [{ status: "succeeded", output: { items: [] } }, "`output.type` is missing, not text"],
    [{ status: "succeeded", output: { type: "image" } }, "`output.items` is missing, not a list"],
    [
      { status: "succeeded", output: { type: "image", items: {} } },
      "`output.items` is an object, not a list",
    ],
    [
      { status: "succeeded", output: { type: "image", items: [{ type: "image" }, { url: "x" }] } },
      "`output.items[1].type` is missing, not text",
    ],
    [
      { status: "succeeded", output: { type: "image", items: [{ type: 5 }] } },
      "`output.items[0].type` is a number, not text",
    ],
    [
      { status: "succeeded", output: { type: "image", items: ["x"] } },
      "`output.items[0]` is text, not an object",
    ],
  ])("%j", (fields, reason) => {
    const parsed = parsePayload({ job_id: "a", ...(fields as object) });
    expect(parsed).toMatchObject({ kind: "unrecognized", jobId: "a" });
    expect("reason" in parsed && parsed.reason).toContain(reason);
  });
});
