/** One generated file. */
export interface OutputItem {
  /** `"image"`, `"video"`, `"audio"` or whatever the provider adds next. */
  readonly type: string;
  /** The file's URL. Always http(s): parsing removes any other scheme. */
  readonly url?: string;
  readonly [key: string]: unknown;
}

/** True for an image, and narrows its `type`. */
export const isImage = (item: OutputItem): item is OutputItem & { readonly type: "image" } =>
  item.type === "image";

/** True for a video, and narrows its `type`. */
export const isVideo = (item: OutputItem): item is OutputItem & { readonly type: "video" } =>
  item.type === "video";

/** True for an audio file, and narrows its `type`. */
export const isAudio = (item: OutputItem): item is OutputItem & { readonly type: "audio" } =>
  item.type === "audio";

/** What a job produced. Unknown keys are kept as they came. */
export interface JobOutput {
  /** `"image"`, `"video"`, `"audio"` or whatever the provider adds next. */
  readonly type: string;
  /** May be empty. */
  readonly items: readonly OutputItem[];
  readonly [key: string]: unknown;
}

/** A job that succeeded. Keys have the provider's spelling. */
export interface JobSucceeded {
  readonly job_id: string;
  readonly status: "succeeded";
  readonly output: JobOutput;
  readonly credits_used?: number;
  /** ISO 8601, as the provider wrote it. */
  readonly completed_at?: string;
  readonly [key: string]: unknown;
}

/** Why a job failed. */
export interface JobError {
  /** The provider's code, such as `"PROVIDER_FAILURE"`; `"UNKNOWN"` when there is none. */
  readonly code: string;
  /** The provider's message; empty when there is none. */
  readonly message: string;
  readonly [key: string]: unknown;
}

/** A job that failed. Keys have the provider's spelling. */
export interface JobFailed {
  readonly job_id: string;
  readonly status: "failed";
  readonly error: JobError;
  readonly [key: string]: unknown;
}

/** The result of a job. Discriminate on `status`. */
export type JobResult = JobSucceeded | JobFailed;
