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

// Sending payloads
export { deliver, type DeliverOptions, type FetchTarget } from "./deliver.ts";
export type { Answer } from "./answer.ts";

// Time
export { createManualClock, type ManualClock } from "./manual-clock.ts";

// Conformance suites
export { runStoreSuite } from "./store-suite/run-store-suite.ts";
export type {
  BootStore,
  StoreBootOptions,
  StoreCapabilities,
  StoreHarness,
} from "./store-suite/harness.ts";
export { runAdapterSuite } from "./adapter-suite/run-adapter-suite.ts";
export { createSubject, type Subject } from "./adapter-suite/subject.ts";
export type { AdapterSetup, CallbackKind } from "./adapter-suite/setup.ts";
export type {
  AdapterCapabilities,
  AdapterTarget,
  BootAdapter,
  OneConnection,
  SubjectCall,
  SubjectControls,
  SubjectReport,
} from "./adapter-suite/target.ts";
export { equal, ok } from "./assert.ts";
export type { TestApi } from "./test-api.ts";
