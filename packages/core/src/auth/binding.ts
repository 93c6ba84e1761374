import { describe } from "../checks.ts";
import { decodeText, encodeText } from "../encoding.ts";
import { invalidOptions } from "../errors.ts";

const MAX_REF_LENGTH = 512;

/**
 * What ties a job to the URL it was submitted with and to the user's own `ref`, as stores keep and
 * compare it: `<nonce>.<ref in base64url>`. The nonce is empty for a ref without a URL, the second
 * part for a URL without a ref.
 *
 * @throws AbstraktWebhookError `invalid_options` for a ref that is not well-formed text of 1 to 512
 * characters.
 */
export const toBinding = ({ nonce = "", ref }: { nonce?: string; ref?: string }): string =>
  `${nonce}.${ref === undefined ? "" : encodeText(requireRef(ref))}`;

/** The `ref` of a binding; `undefined` when it has none, or is another auth's own. */
export function refOf(binding: string | undefined): string | undefined {
  const encoded = /^[\w-]*\.([\w-]+)$/.exec(binding ?? "")?.[1];
  return encoded === undefined ? undefined : decodeText(encoded);
}

/** How events and errors name a job: by its id, and by its `ref` where the binding has one. */
export function namedJob(jobId: string, binding: string | undefined): NamedJob {
  const ref = binding === undefined ? undefined : refOf(binding);
  return ref === undefined ? { jobId } : { jobId, ref };
}

/** A record with the `ref` of its binding, where that has one. */
export function withRef<R extends { readonly binding?: string }>(record: R): R & { ref?: string } {
  const ref = refOf(record.binding);
  return ref === undefined ? record : { ...record, ref };
}

/** A job's id, and the user's own name for it where there is one. */
export interface NamedJob {
  readonly jobId: string;
  readonly ref?: string;
}

function requireRef(ref: unknown): string {
  // A lone surrogate has no UTF-8, so it would come back as another character.
  if (typeof ref === "string" && ref !== "" && !/\p{Surrogate}/u.test(ref)) {
    if (ref.length <= MAX_REF_LENGTH) return ref;
  }
  const came = typeof ref === "string" ? `${ref.length} characters` : describe(ref);
  throw invalidOptions(
    `Expected \`ref\` to be well-formed text of 1 to ${MAX_REF_LENGTH} characters, got ${came}.`,
  );
}
