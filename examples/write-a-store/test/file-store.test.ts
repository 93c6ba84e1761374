import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock, runStoreSuite } from "@abstrakt-webhooks/testing";
import { afterAll, describe, expect, it } from "vitest";
import { fileStore } from "../file-store.ts";

const folder = mkdtempSync(join(tmpdir(), "file-store-"));
afterAll(() => rmSync(folder, { recursive: true }));
const newFile = () => join(folder, `${crypto.randomUUID()}.json`);

const delivery = { jobId: "job", fingerprint: "f", payload: "{}", source: "webhook" } as const;
const lease = { owner: "test", leaseMs: 60_000 };

describe("file store", () => {
  runStoreSuite(
    { describe, it, skip: it.skip },
    (options) => {
      const clock = createManualClock();
      const store = fileStore(newFile(), { ...options, clock: clock.now });
      return { store, elapse: async (ms) => clock.advance(ms) };
    },
    { expectedJobs: false, deadLetters: false },
  );

  it("finds the rows of an earlier process", async () => {
    const path = newFile();
    await fileStore(path).ingest(delivery, lease);
    expect(await fileStore(path).ingest(delivery, lease)).toEqual({
      kind: "duplicate",
      state: "leased",
    });
  });

  it("has no row for a delivery that it could not write", async () => {
    const store = fileStore(join(folder, "missing-folder", "jobs.json"));
    await expect(store.ingest(delivery, lease)).rejects.toThrow("ENOENT");
    expect(await store.get("job")).toBeUndefined();
  });
});
