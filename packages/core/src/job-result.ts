/** One generated file. */
export interface OutputItem {
  /** `"image"`, `"video"`, `"audio"` or whatever the provider adds next. */
  readonly type: string;
  /** Where the file lies. Always http(s): any other scheme was removed while parsing. */
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

/** A job that ended well. Keys are spelt as the provider spells them. */
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
  /** The provider's code, such as `"PROVIDER_FAILURE"`; `"UNKNOWN"` when none was given. */
  readonly code: string;
  /** The provider's words; empty when none were given. */
  readonly message: string;
  readonly [key: string]: unknown;
}

/** A job that ended badly. Keys are spelt as the provider spells them. */
export interface JobFailed {
  readonly job_id: string;
  readonly status: "failed";
  readonly error: JobError;
  readonly [key: string]: unknown;
}

/** The final word on a job; discriminate on `status`. */
export type JobResult = JobSucceeded | JobFailed;
