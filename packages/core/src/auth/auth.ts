import type { JobClient } from "../job-client.ts";
import type { JobResult } from "../job-result.ts";

/** The part of a request that is known before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** As the server got it. It may have no scheme and no host, and a proxy may have changed it. */
  readonly url: string;
  /** A header's value. `name` may be in any case. */
  header(name: string): string | undefined;
}

/**
 * `false` and `refused` refuse with 401. `refused` is the reason for the event; the sender does not
 * learn it. A `binding` ties the delivery to its URL. Any other value refuses as well.
 */
export type Admission = false | { readonly refused: string } | { readonly binding?: string };

/**
 * `true` accepts the body. Anything else refuses with 401. `refused` is the reason for the event.
 */
export type Verification = boolean | { readonly refused: string };

/** The outcome of a confirmation. */
export type Confirmation =
  /**
   * The callback gets this result, and the store keeps it. It may differ from the delivered one.
   */
  | { readonly kind: "confirmed"; readonly result: JobResult }
  /** The provider does not know the job. After three times it is dead, unless it was expected. */
  | { readonly kind: "unknown" }
  /** The job still runs, so this result cannot be true. The receiver asks again later. */
  | { readonly kind: "running" };

/**
 * Decides which deliveries to trust. It has at least one of `admit`, `verify` and `confirm`. The
 * provider signs nothing. So `admit` looks at the URL, and `confirm` asks the provider. `verify` is
 * for a relay that signs.
 *
 * If `admit` or `verify` throws, the sender is answered 500. If a call takes longer than
 * `limits.bodyTimeoutMs`, the sender is answered 503.
 */
export interface Auth {
  /** Runs before the body is read and before the store is called. */
  admit?(head: RequestHead): Admission | Promise<Admission>;
  /**
   * Runs when the whole body is read, before it is parsed and before the store is called. `body`
   * has the bytes as they came. If a parser has left only a parsed value, the request is refused
   * with `raw_body_needed` and `verify` does not run. `receiver.ingest` does not call it.
   */
  verify?(body: Uint8Array, head: RequestHead): Verification | Promise<Verification>;
  /**
   * Runs in the worker, under the lease and before the callback, within `limits.handlerTimeoutMs`.
   * After an error, a timeout or `running` it runs again later. This counts as an attempt only when
   * `poll.giveUpAfterMs` is over.
   */
  confirm?(
    result: JobResult,
    o: { signal: AbortSignal; client?: JobClient | undefined; expected: boolean; attempt: number },
  ): Promise<Confirmation>;
  /** Makes a webhook URL. `admit` accepts deliveries to it, with this binding. */
  mint?(o: {
    ref?: string | undefined;
    expiresInMs?: number | undefined;
  }): Promise<{ url: string; binding: string }>;
  /** It uses the receiver's `client`. A receiver without a client is refused. */
  readonly needsClient?: boolean;
  /** How long a URL of `mint` is valid. A store that forgets sooner causes a warning. */
  readonly tokenLifeMs?: number;
  /** What to do about a refusal, by its reason. The console prints it with the refusal. */
  readonly advice?: Readonly<Record<string, string>>;
}
