import { parsePayload } from "@abstrakt-webhooks/core";
import {
  failedPayload,
  mediaOutput,
  pendingPayload,
  succeededPayload,
  unrecognizedPayload,
} from "@abstrakt-webhooks/testing";
import { describe, expect, it } from "vitest";

describe("payload builders", () => {
  it.each([
    { name: "succeededPayload", build: succeededPayload, kind: "result" },
    { name: "failedPayload", build: failedPayload, kind: "result" },
    { name: "pendingPayload", build: pendingPayload, kind: "pending" },
    { name: "unrecognizedPayload", build: unrecognizedPayload, kind: "unrecognized" },
  ])("$name makes a payload that core parses as $kind", ({ build, kind }) => {
    expect(parsePayload(build()).kind).toBe(kind);
  });

  it("each payload has its own job id and the same content", () => {
    const { job_id: firstId, ...first } = succeededPayload();
    const { job_id: secondId, ...second } = succeededPayload();
    expect(firstId).not.toBe(secondId);
    expect(first).toEqual(second);
  });

  it.each([
    ["image", ".png"],
    ["video", ".mp4"],
    ["audio", ".wav"],
  ] as const)("makes outputs of %s", (type, extension) => {
    const { output } = succeededPayload({ output: mediaOutput(type) });
    expect(output).toMatchObject({ type, items: [{ type }] });
    expect(output.items[0]?.url?.endsWith(extension)).toBe(true);
  });

  it("given fields replace the defaults", () => {
    expect(failedPayload({ job_id: "job_1", error: { code: "X", message: "" } })).toEqual({
      job_id: "job_1",
      status: "failed",
      error: { code: "X", message: "" },
    });
  });
});
