import { checkedFor, requireFunction } from "@abstrakt-webhooks/core/adapter";
import { readCapabilities } from "../checks.ts";
import type { Defined } from "../defined.ts";
import type { TestApi } from "../test-api.ts";
import { bindingTests } from "./bindings.ts";
import { createTestCase } from "./test-case.ts";
import { concurrencyTests } from "./concurrency.ts";
import { contractTests } from "./contract.ts";
import { deadLetterTests } from "./dead-letters.ts";
import { expectedTests } from "./expected-jobs.ts";
import type { BootStore, StoreCapabilities } from "./harness.ts";
import { identityTests } from "./identity.ts";
import { ingestTests } from "./ingest.ts";
import { interleavingTests } from "./interleavings.ts";
import { leaseTests } from "./leases.ts";
import { listFilterTests } from "./list-filters.ts";
import { listTests } from "./lists.ts";
import { parkingTests } from "./parking.ts";
import { pollTests } from "./polls.ts";
import { retentionTests } from "./retention.ts";
import { settleTests } from "./settle.ts";
import { transactionTests } from "./transactions.ts";

const DEFAULTS: Required<Defined<StoreCapabilities>> = {
  expectedJobs: true,
  deadLetters: true,
  bounded: false,
  shared: false,
  namespaces: false,
  transactions: false,
  unitMs: 100,
};

/**
 * Registers the tests that every `JobStore` must pass. They check the rules in its JSDoc, with one
 * client and with a thousand. Each test boots its own backend.
 *
 * @param api `describe` and `it` of the test runner. With `skip`, the runner reports skipped tests.
 * @param boot makes a new backend that no other test uses.
 * @param capabilities what the store can do beside `JobStore`, and the suite's unit of time.
 * @throws AbstraktWebhookError `invalid_options` for an unknown capability, or one that is out of
 *   range.
 *
 * @example
 * ```ts
 * import { describe, it } from "vitest";
 * import { runStoreSuite } from "@abstrakt-webhooks/testing";
 *
 * describe("my store", () => {
 *   runStoreSuite({ describe, it, skip: it.skip }, async (options) => ({
 *     store: myStore({ ...options, namespace: crypto.randomUUID() }),
 *     elapse: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
 *   }));
 * });
 * ```
 */
export function runStoreSuite(
  api: TestApi,
  boot: BootStore,
  capabilities: StoreCapabilities = {},
): void {
  const declared = checkedFor(runStoreSuite, () => {
    requireFunction("boot", boot);
    return readCapabilities(DEFAULTS, capabilities);
  });
  const test = createTestCase(api, boot, declared);
  api.describe("contract", () => contractTests(test, declared));
  api.describe("identity", () => identityTests(test));
  api.describe("ingest", () => ingestTests(test));
  api.describe("leases", () => leaseTests(test));
  api.describe("settle", () => settleTests(test));
  api.describe("parking", () => parkingTests(test));
  api.describe("bindings", () => bindingTests(test));
  api.describe("expected jobs", () => expectedTests(test));
  api.describe("polls", () => pollTests(test));
  api.describe("lists", () => {
    listTests(test);
    listFilterTests(test);
  });
  api.describe("dead letters", () => deadLetterTests(test));
  api.describe("retention", () => retentionTests(test));
  api.describe("transactions", () => transactionTests(test));
  api.describe("concurrency", () => {
    concurrencyTests(test);
    interleavingTests(test);
  });
}
