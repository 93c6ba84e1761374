import { equal } from "../assert.ts";
import type { TestCase } from "./test-case.ts";
import { resultA, resultB } from "./sample-deliveries.ts";

const IDS = [
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "x".repeat(256),
  `${"x".repeat(255)}y`,
  "\u{1F60A}".repeat(128),
  "\u{1F60B}",
  "Job",
  "job",
  "job ",
  " job",
  "\u00e9",
  "e\u0301",
  `'; drop table jobs; -- "quoted" \`ticked\``,
  "a:b:c",
  "{a}",
  "a*",
  "a%",
  "a_",
  "a\\",
  "a/../b",
  "$1",
  "null",
  "0",
  "00",
  "\ufeff",
  "\u200b",
];

const UNICODE = "\u{1F3A8}\u00e9\u4f60\u0000\u2028'\"\\ ";

/** Each id has exactly one row, and the store returns each payload unchanged. */
export function identityTests(test: TestCase): void {
  test("unusual ids are kept exactly", async ({ store, leased, record }) => {
    for (const jobId of IDS) equal((await leased(jobId)).jobId, jobId, "the lease's job id");
    for (const jobId of IDS) equal((await record(jobId)).jobId, jobId, "the record's job id");
    for (const jobId of IDS) {
      const again = await store.ingest(resultA(jobId), { owner: "suite", leaseMs: 1_000 });
      equal(again, { kind: "duplicate", state: "leased" }, `again ${jobId}`);
    }
  });

  test("a row with an unusual id is claimed and settled by that id", async (backend) => {
    for (const jobId of IDS) await backend.ingest(resultA(jobId), 0);
    for (const jobId of IDS) {
      const lease = await backend.claimOne(jobId);
      equal(lease.jobId, jobId, "the claimed job");
      equal(await backend.store.settle(lease, { to: "done" }), true, `settle of ${jobId}`);
    }
    equal(await backend.claim(), [], "rows left to claim");
  });

  test("a payload of 200 kB comes back unchanged", async (backend) => {
    const payload = JSON.stringify({ text: UNICODE.repeat(10_000) });
    const ingested = await backend.ingest(resultA("big", { payload }), 1);
    equal(ingested.kind === "leased" && ingested.lease.payload === payload, true, "by ingest");
    equal((await backend.record("big")).payload === payload, true, "by get");
    await backend.elapse(2);
    equal((await backend.claimOne()).payload === payload, true, "by claim");
  });

  test("a payload is kept as text and not formatted again", async (backend) => {
    const payload = ' {"b": 1.0, "a": 1e3, "a": "\\u0041"} ';
    await backend.ingest(resultA("text", { payload }), 0);
    equal((await backend.claimOne()).payload, payload, "the payload");
  });

  test("fingerprint, binding and source are kept unchanged", async (backend) => {
    const delivery = resultB("odd", { fingerprint: "2-f'\":", binding: "n:r'", source: "manual" });
    await backend.ingest(delivery, 0);
    const { fingerprint, binding, source } = await backend.claimOne();
    equal(
      { fingerprint, binding, source },
      { fingerprint: "2-f'\":", binding: "n:r'", source: "manual" },
      "the lease",
    );
  });
}
