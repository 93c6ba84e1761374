import { invalidOptions } from "@abstrakt-webhooks/core/store";

/** The keys of one namespace. Its name is their hash tag, so a cluster keeps them on one node. */
export interface Keys {
  /** The indexes, in the order in which `lua/prelude.ts` names them. */
  readonly indexes: readonly string[];
  /** The hash of one job. */
  job(jobId: string): string;
}

const INDEXES = ["work", "polls", "age", "live", "done", "dead", "over"];

// The name must contain no brace, because the first `}` of a key ends its hash tag.
const NAMESPACE = /^[\w.:-]{1,64}$/;

/** @throws AbstraktWebhookError `invalid_options` for a name that a hash tag cannot hold. */
export function toKeys(namespace: string): Keys {
  if (!NAMESPACE.test(namespace)) {
    throw invalidOptions(
      "Expected `namespace` to be 1 to 64 letters, digits and characters of `_.:-`.",
    );
  }
  return {
    indexes: INDEXES.map((name) => `{${namespace}}:${name}`),
    job: (jobId) => `{${namespace}}:job:${jobId}`,
  };
}
