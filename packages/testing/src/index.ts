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
