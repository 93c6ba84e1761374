import { withRef } from "../auth/binding.ts";
import { expected, requireInteger } from "../checks.ts";
import { requireDeadLetters } from "../store/capabilities.ts";
import type { JobRecord, JobState } from "../store/job-store.ts";
import { emptyCounts, positionOf } from "../store/lists.ts";
import type { Receiver } from "./receiver.ts";
import type { Settings } from "./settings.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const MAX_PREFIX_LENGTH = 256;

/** Lists a page of jobs. It checks the options, so that stores need not. */
export async function listJobs(
  { store, callStore }: Settings,
  given: NonNullable<Parameters<Receiver["list"]>[0]> = {},
): Promise<{ records: JobRecord[]; next?: string }> {
  const letters = requireDeadLetters(store, "list");
  const { limit = DEFAULT_LIMIT, ...which } = given;
  requireInteger("limit", limit, 1);
  if (limit > MAX_LIMIT) throw expected("limit", `at most ${MAX_LIMIT}`, limit);
  requireState(which.state);
  requirePrefix(which.prefix);
  const { after, payloads } = which;
  if (after !== undefined && typeof after !== "string") throw expected("after", "a string", after);
  if (payloads !== undefined && typeof payloads !== "boolean") {
    throw expected("payloads", "true or false", payloads);
  }
  const o = { ...which, limit };
  positionOf(o);
  const { records, ...rest } = await callStore(() => letters.list(o));
  return { records: records.map(withRef), ...rest };
}

function requireState(state: unknown): void {
  const states = Object.keys(emptyCounts());
  if (state === undefined || states.includes(state as JobState)) return;
  throw expected("state", `one of ${states.join(", ")}`, state);
}

function requirePrefix(prefix: unknown): void {
  if (prefix === undefined) return;
  const isText = typeof prefix === "string" && prefix.length <= MAX_PREFIX_LENGTH;
  if (isText && !/[\p{Surrogate}\p{Cc}]/u.test(prefix)) return;
  const what = `well-formed text of at most ${MAX_PREFIX_LENGTH} characters, without control characters`;
  throw expected("prefix", what, prefix);
}
