import { expect, it } from "vitest";
import { fingerprint, type JobResult, type OutputItem } from "../../src/index.ts";
import { isSameResult } from "../../src/payload/fingerprint.ts";

import fc from "fast-check";

const succeeded = (items: OutputItem[], type = "image"): JobResult => ({
  job_id: "job",
  status: "succeeded",
  output: { type, items },
});
const image = (url?: string): OutputItem => ({ type: "image", ...(url !== undefined && { url }) });
const failed = (code: string, message = ""): JobResult => ({
  job_id: "job",
  status: "failed",
  error: { code, message },
});

const A = "https://cdn.example/a.png";
const FORM = /^1[\w-]{11}$/;
const base = fingerprint(succeeded([image(A)]));

it("a fingerprint names its version", () => expect(base).toMatch(FORM));

it("the fingerprint of a result never changes: later versions compare it with stored rows", () => {
  expect(base).toBe("1ypnMkllTAvC");
  expect(fingerprint(failed("PROVIDER_FAILURE"))).toBe("1iiIyhwufa1E");
  expect(fingerprint(succeeded([image()]))).toBe("1Dg2rQFfs1U0");
});

it.each([
  ["1abc", "1abc", true],
  ["1abc", "1abd", false],
  ["1abc", "2abd", true],
])("%s and %s count as the same result: %s", (a, b, isSame) => {
  expect(isSameResult(a, b)).toBe(isSame);
});

it.each<[string, JobResult]>([
  ["a signed URL with another signature", succeeded([image(`${A}?sig=1&exp=2`)])],
  ["a fragment", succeeded([image(`${A}#t=1`)])],
  ["both", succeeded([image(`${A}#a?b`)])],
  ["another job id", { ...succeeded([image(A)]), job_id: "other" }],
  [
    "another cost and another time",
    { ...succeeded([image(A)]), credits_used: 2, completed_at: "x" },
  ],
  ["unknown keys", { ...succeeded([{ ...image(A), width: 1 }]), extra: 1 }],
  [
    "another order of keys",
    {
      output: { items: [{ url: A, type: "image" }], type: "image" },
      status: "succeeded",
      job_id: "job",
    },
  ],
])("the fingerprint is equal for %s", (_, result) => expect(fingerprint(result)).toBe(base));

it("the fingerprint is equal for another error message", () =>
  expect(fingerprint(failed("X", "one"))).toBe(fingerprint(failed("X", "two"))));

it("the fingerprint differs by status, output type, items, their order, type and URL, and error code", () => {
  const B = "https://cdn.example/b.png";
  const all = [
    succeeded([image(A)]),
    succeeded([image(A)], "video"),
    succeeded([{ type: "video", url: A }]),
    succeeded([image(B)]),
    succeeded([image(A.toUpperCase())]),
    succeeded([image()]),
    succeeded([]),
    succeeded([], "video"),
    succeeded([image(A), image(B)]),
    succeeded([image(B), image(A)]),
    succeeded([image(A), image(A)]),
    succeeded([{ type: `image","${A}`, url: "" }]),
    failed("X"),
    failed("x"),
    failed(""),
    failed("succeeded"),
  ];
  expect(new Set(all.map(fingerprint)).size).toBe(all.length);
});

it("different results have different fingerprints", () => {
  const seen = new Set<string>();
  for (let index = 0; index < 100_000; index += 1) {
    seen.add(fingerprint(succeeded([image(`https://cdn.example/outputs/${index}.png`)])));
  }
  expect(seen.size).toBe(100_000);
});

it("any text can be fingerprinted", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(fingerprint(failed(a)) === fingerprint(failed(b))).toBe(a === b);
      expect(fingerprint(succeeded([image(a)]))).toMatch(FORM);
    }),
  );
});
