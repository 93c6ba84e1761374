// Payloads as the provider sends them
export {
  failedPayload,
  mediaOutput,
  pendingPayload,
  succeededPayload,
  uniqueJobId,
  unrecognizedPayload,
  type MediaType,
  type StatusPayload,
} from "./payloads.ts";

// Sending them
export { deliver, type DeliverOptions, type FetchTarget } from "./deliver.ts";
export type { Answer } from "./answer.ts";

// Time
export { createManualClock, type ManualClock } from "./manual-clock.ts";

// Conformance
export { runStoreSuite } from "./store-suite/run-store-suite.ts";
export type {
  BootStore,
  StoreBootOptions,
  StoreCapabilities,
  StoreHarness,
} from "./store-suite/harness.ts";
export { equal, ok } from "./assert.ts";
export type { TestApi } from "./test-api.ts";
