import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { assets } from "../src/assets/assets.ts";
import { toRoute } from "../src/http/routes.ts";
import { diffLines } from "../src/model/diff.ts";
import { createHider, reveal } from "../src/model/hide.ts";
import { formatJson } from "../src/model/json-text.ts";
import { toDuration } from "../src/model/words.ts";
import { createRing } from "../src/source/ring.ts";

it("htmx is served exactly as it was published", () => {
  const path = createRequire(import.meta.url).resolve("htmx.org/dist/htmx.min.js");
  expect(assets["htmx.js"]?.text).toBe(readFileSync(path, "utf8"));
});

it.each([
  ["/webhooks", "/webhooks", { kind: "front" }],
  ["/webhooks/", "/webhooks", { kind: "front" }],
  ["/", "", { kind: "front" }],
  ["/webhooks/jobs/a%2Fb", "/webhooks", { kind: "job", jobId: "a/b" }],
  ["/webhooks/jobs/stream", "/webhooks", { kind: "job", jobId: "stream" }],
  ["/webhooks/jobs/jobs/redrive", "/webhooks", { kind: "redrive", jobId: "jobs" }],
  ["/jobs/jobs/a/outputs/2", "/jobs", { kind: "output", jobId: "a", index: 2 }],
  ["/a/b/assets/page.css", "/a/b", { kind: "asset", name: "page.css" }],
])("the base path is found from %s", (path, base, route) => {
  expect(toRoute(path, {})).toEqual({ base, route });
  expect(toRoute(path, { basePath: base })).toEqual({ base, route });
  expect(toRoute(path, { mount: base })).toEqual({ base, route });
});

it("no other path is served below a given base", () => {
  for (const mounts of [{ basePath: "/webhooks" }, { mount: "/webhooks" }]) {
    expect(toRoute("/webhooks", mounts)).toBeDefined();
    for (const path of ["/webhooks/x", "/webhooks/jobs", "/webhooks/jobs/%"]) {
      expect(toRoute(path, mounts), path).toBeUndefined();
    }
  }
});

it.each([
  [{ basePath: "/admin/jobs/x" }, "/admin/jobs/x", { kind: "front" }],
  [{ basePath: "/admin/webhooks" }, "/admin/webhooksx/jobs/a", { kind: "job", jobId: "a" }],
  [{ basePath: "/admin", mount: "/jobs/x" }, "/jobs/x", { kind: "front" }],
  [{ basePath: "/a", mount: "/a/b" }, "/a/b/jobs/a", { kind: "job", jobId: "a" }],
  [{ basePath: "/a/b", mount: "/a" }, "/a/b/jobs/a", { kind: "job", jobId: "a" }],
  [{ basePath: "/a/b", mount: "" }, "/jobs/a", { kind: "job", jobId: "a" }],
])("the links of a page with %o begin with its base, from %s", (mounts, path, route) => {
  expect(toRoute(path, mounts)).toEqual({ base: mounts.basePath, route });
});

it("JSON is indented without a change in key order, digits, repeated keys or escapes", () => {
  const { text } = formatJson('{"b":1.0e2,"10":[],"2":{},"b":"\\u00e9\\"{","c":[1,{"d":null}]}');
  expect(text).toBe(
    '{\n  "b": 1.0e2,\n  "10": [],\n  "2": {},\n  "b": "\\u00e9\\"{",\n  "c": [\n    1,\n    {\n      "d": null\n    }\n  ]\n}',
  );
});

it.each(['{"a":"b', '{"a":"b\\', '{"a":[1,2', '"', "{,}:", "]}]}"])(
  "%s, which is cut off, is indented",
  (json) => {
    expect(formatJson(json).text.replace(/\s/g, "")).toBe(json);
  },
);

it("the time to indent a long payload grows in proportion to its length", () => {
  const json = JSON.stringify({ prompt: "a.b:/".repeat(50_000), list: Array(20_000).fill(1) });
  expect(formatJson(json).text.length).toBeGreaterThan(json.length);
});

it.each([
  ["https://a.test/x?k=1#e", "https://a.test/x?[hidden 1]"],
  ["see s3://b/c#e now", "see s3://b/c#[hidden 1] now"],
  ["//u:p@h/x?a=b@c", "//[hidden 2]@h/x?[hidden 1]"],
  ["http://a/it's<`\\\"?k='\"\\&$&", "http://a/it's<`\\\"?[hidden 1]"],
  ["v1.ab.1790000000.x.y.z", "[hidden 1]"],
])("queries in %s are hidden and can be restored", (text, shown) => {
  const hider = createHider();
  expect(hider.hide(text)).toBe(shown);
  const { text: json, secrets } = formatJson(JSON.stringify({ text }));
  expect(JSON.parse(reveal(json, secrets))).toEqual({ text });
});

it("only queries are hidden", () => {
  const plain = "a // comment, https://a.test/x, 1//2, javascript:alert(1)?b=c and http://a/?";
  expect(createHider().hide(plain)).toBe(plain);
});

it("two texts are compared line by line", () => {
  expect(diffLines("a\nb\nc", "a\nx\nc\nd")).toEqual([
    { mark: "same", text: "a" },
    { mark: "kept", text: "b" },
    { mark: "refused", text: "x" },
    { mark: "same", text: "c" },
    { mark: "refused", text: "d" },
  ]);
  expect(diffLines("a\n".repeat(600), "a")).toBeUndefined();
});

it("the log keeps the newest events, and only few of the contradicting payloads", () => {
  const ring = createRing(100);
  for (let atMs = 0; atMs < 250; atMs++) {
    const body = {
      type: "conflict",
      atMs,
      jobId: "a",
      source: "webhook",
      state: "done",
      reason: "result",
    } as const;
    ring.push(Object.defineProperty(body, "payload", { value: "x" }) as never);
  }
  const events = ring.toArray();
  expect(events.map(({ atMs }) => atMs)).toEqual(
    Array.from({ length: 100 }, (_, index) => 150 + index),
  );
  expect(events.filter((event) => "payload" in event)).toHaveLength(50);
});

it.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [61_000, "1 min"],
  [7_200_000, "2 h"],
  [-5_000, "-5 s"],
])("%i ms are shown in words", (ms, name) => expect(toDuration(ms)).toBe(name));
