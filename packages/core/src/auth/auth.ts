import type { JobClient } from "../job-client.ts";
import type { JobResult } from "../job-result.ts";

/** The part of a request that is known before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** As the server got it; may lack scheme and host, and a proxy may have rewritten it. */
  readonly url: string;
  /** A header's value, whatever the case of `name`. */
  header(name: string): string | undefined;
}

/**
 * `false` refuses with 401, and so does `refused`, which is the reason that the event gives; the
 * sender does not learn it. A `binding` ties the delivery to the URL it came by. An answer of any
 * other shape refuses as well.
 */
export type Admission = false | { readonly refused: string } | { readonly binding?: string };

/** `true` lets the body in. Anything else refuses with 401, with `refused` as the event's reason. */
export type Verification = boolean | { readonly refused: string };

/** What a confirmation found. */
export type Confirmation =
  /** Hand over this result, which may differ from the delivered one and is written back at `done`. */
  | { readonly kind: "confirmed"; readonly result: JobResult }
  /** Nobody has heard of this job. Three times, and not expected: dead, and its place is freed. */
  | { readonly kind: "unknown" }
  /** The job has not ended, so this result cannot be true yet: retried later. */
  | { readonly kind: "running" };

/**
 * One way of trusting a delivery. It has at least one of `admit`, `verify` and `confirm`. The
 * provider signs nothing, so trust comes from the URL (`admit`), from asking back (`confirm`), or
 * both; `verify` is for a relay that signs.
 *
 * A throw of `admit` or `verify` answers 500. Each call that does not answer within
 * `limits.bodyTimeoutMs` answers 503.
 */
export interface Auth {
  /** Runs before the body is read and before the store is asked. */
  admit?(head: RequestHead): Admission | Promise<Admission>;
  /**
   * Runs once the whole body is read, before it is parsed and before the store is asked. `body` is
   * what came, byte by byte: a body of which only the parsed value is left is refused with
   * `raw_body_needed` and without a call. `receiver.ingest` does not call it.
   */
  verify?(body: Uint8Array, head: RequestHead): Verification | Promise<Verification>;
  /**
   * Runs in the worker, under the lease, before the handler, within `limits.handlerTimeoutMs`. A
   * throw is a retry, and so are silence and `running`; none counts as an attempt until
   * `poll.giveUpAfterMs` has passed.
   */
  confirm?(
    result: JobResult,
    o: { signal: AbortSignal; client?: JobClient; expected: boolean; attempt: number },
  ): Promise<Confirmation>;
  /** Makes a webhook URL whose deliveries `admit` lets in with this binding. */
  mint?(o: { ref?: string; expiresInMs?: number }): Promise<{ url: string; binding: string }>;
  /** It asks by the receiver's `client`: a receiver without one is refused. */
  readonly needsClient?: boolean;
  /** How long what `mint` makes is let in. A store that forgets sooner is a warning. */
  readonly tokenLifeMs?: number;
}
