// Results and payloads
export {
  isAudio,
  isImage,
  isVideo,
  type JobError,
  type JobFailed,
  type JobOutput,
  type JobResult,
  type JobSucceeded,
  type OutputItem,
} from "./job-result.ts";
export { parsePayload, type ParsedPayload } from "./payload/parse-payload.ts";
export { fingerprint } from "./payload/fingerprint.ts";

// Stores
export type {
  DeadLetters,
  Expected,
  ExpectedJobs,
  ListOptions,
  PollLease,
  Transactional,
} from "./store/capabilities.ts";
export type {
  Delivery,
  Ingested,
  JobRecord,
  JobState,
  JobStore,
  Lease,
  Settlement,
  Source,
  StoredResult,
} from "./store/job-store.ts";
export { memoryStore, type MemoryStoreOptions } from "./store/memory/memory-store.ts";

// Trust
export type { Admission, Auth, Confirmation, RequestHead, Verification } from "./auth/auth.ts";
export { signedUrl, type SignedUrlAuth, type SignedUrlOptions } from "./auth/signed-url.ts";
export {
  standardWebhooks,
  type StandardWebhooksAuth,
  type StandardWebhooksOptions,
} from "./auth/standard-webhooks.ts";
export { refetch, type RefetchOptions } from "./auth/refetch.ts";
export { redactUrl } from "./redact.ts";
export type { JobClient, SubmittedJob } from "./job-client.ts";

// Errors
export {
  AbstraktWebhookError,
  isAbstraktWebhookError,
  type ApiErrorDetails,
  type ErrorCode,
} from "./errors.ts";

// Receiving
export { createReceiver } from "./receiver/create-receiver.ts";
export { sharedReceiver, type Callbacks, type SharedOptions } from "./receiver/shared-receiver.ts";
export type { Ack, HttpDelivery, Receiver, Runtime } from "./receiver/receiver.ts";
export type { DrainReport, IngestOutcome, TickReport } from "./receiver/reports.ts";
export type {
  DeadRecord,
  HandlerContext,
  Instrumentation,
  ReceiverOptions,
} from "./receiver/receiver-options.ts";
export type {
  AttemptEvent,
  ConflictEvent,
  DeadEvent,
  DeathReason,
  DoneEvent,
  DuplicateEvent,
  EventError,
  ExpectedEvent,
  IgnoredEvent,
  ParkedEvent,
  PollEvent,
  PollReason,
  ReceiverEvent,
  RefusedEvent,
  RetryEvent,
  StoredEvent,
  WarningCode,
  WarningEvent,
} from "./receiver/events/events.ts";
