import { describe } from "../checks.ts";
import { decodeText, encodeText } from "../encoding.ts";
import { invalidOptions } from "../errors.ts";

const MAX_REF_LENGTH = 512;

/**
 * The text that ties a job to its URL and to the user's own `ref`: `<nonce>.<ref in base64url>`.
 * Stores keep and compare it. The nonce is empty for a ref without a URL. The second part is empty
 * for a URL without a ref.
 *
 * @throws AbstraktWebhookError `invalid_options` for a ref that is not well-formed text of 1 to 512
 * characters.
 */
export const toBinding = (o: { nonce?: string | undefined; ref?: string | undefined }): string =>
  `${o.nonce ?? ""}.${o.ref === undefined ? "" : encodeText(requireRef(o.ref))}`;

/** The `ref` of a binding. `undefined` if it has none, or if another auth made the binding. */
export function refOf(binding: string | undefined): string | undefined {
  const encoded = /^[\w-]*\.([\w-]+)$/.exec(binding ?? "")?.[1];
  return encoded === undefined ? undefined : decodeText(encoded);
}

/** How events and errors name a job: by its id, and by its `ref` if the binding has one. */
export function namedJob(jobId: string, binding: string | undefined): NamedJob {
  const ref = refOf(binding);
  return ref === undefined ? { jobId } : { jobId, ref };
}

/** A record with the `ref` of its binding, if the binding has one. */
export function withRef<R extends { readonly binding?: string }>(record: R): R & { ref?: string } {
  const ref = refOf(record.binding);
  return ref === undefined ? record : { ...record, ref };
}

/** A job's id, and the user's own name for it, if there is one. */
export interface NamedJob {
  readonly jobId: string;
  readonly ref?: string;
}

function requireRef(ref: unknown): string {
  // A lone surrogate cannot be written in UTF-8, so `ctx.ref` would have another character.
  if (typeof ref === "string" && ref !== "" && !/\p{Surrogate}/u.test(ref)) {
    if (ref.length <= MAX_REF_LENGTH) return ref;
  }
  const came = typeof ref === "string" ? `${ref.length} characters` : describe(ref);
  throw invalidOptions(
    `Expected \`ref\` to be well-formed text of 1 to ${MAX_REF_LENGTH} characters, got ${came}.`,
  );
}
