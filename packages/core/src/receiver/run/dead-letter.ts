import { namedJob } from "../../auth/binding.ts";
import { within } from "../../clock.ts";
import { storedResult } from "../../payload/parse-payload.ts";
import type { Delivery, JobRecord } from "../../store/job-store.ts";
import { lookUp } from "../../store/store-call.ts";
import { guarded, withHidden } from "../events/emit.ts";
import type { DeathReason, EventError } from "../events/events.ts";
import type { DeadRecord } from "../receiver-options.ts";
import type { WorkerState } from "./worker-state.ts";

/** A job that has just become a dead letter. */
export interface Death {
  readonly jobId: string;
  readonly ref?: string;
  readonly attempt: number;
  readonly reason: DeathReason;
  readonly handlerMs?: number;
  readonly error?: EventError;
  /** What the last attempt's callback threw. */
  readonly cause?: unknown;
}

/**
 * Emits `dead`, then calls `onDead` with the row, or with `fallback` if the store does not return
 * the row. Waits for `onDead` no longer than for a callback.
 */
export async function reportDead(
  { settings, emit }: Pick<WorkerState, "settings" | "emit">,
  { cause, ...death }: Death,
  fallback: JobRecord,
): Promise<void> {
  emit(withHidden({ type: "dead", ...death }, "cause", cause));
  const { onDead } = settings.options;
  if (onDead === undefined) return;
  const row = (await lookUp(settings, death.jobId)) ?? fallback;
  const record = toDeadRecord(row, death.ref);
  const calling = guarded("onDead", () => onDead(record));
  if (calling) await within(settings.deadlines.handler, calling);
}

/**
 * Reports a parked payload as a dead letter. An expected job is no dead letter: it is polled. If the
 * store does not return the row, the next repeat of the payload is reported.
 */
export async function reportUnrecognized(
  state: Pick<WorkerState, "settings" | "emit" | "alarm"> & { readonly reported: Set<string> },
  { jobId, binding }: Delivery,
  message: string,
): Promise<"dead"> {
  const row = await lookUp(state.settings, jobId);
  if (row === undefined) state.reported.delete(jobId);
  // The store has made its poll due.
  if (row?.state === "expected") state.alarm.wake(0);
  const reason = "unrecognized";
  if (row?.error === reason) {
    const job = namedJob(jobId, row.binding ?? binding);
    const error = { code: reason, message };
    await reportDead(state, { ...job, attempt: row.attempts, reason, error }, row);
  }
  return "dead";
}

function toDeadRecord(row: JobRecord, ref: string | undefined): DeadRecord {
  const result = row.payload === undefined ? undefined : storedResult(row.payload);
  return {
    ...row,
    ...(ref !== undefined && { ref }),
    ...(result !== undefined && { result }),
  };
}
