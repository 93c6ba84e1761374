import { within } from "../clock.ts";
import type { JobRecord } from "../store/job-store.ts";
import { guarded } from "./emit.ts";
import type { Kit } from "./kit.ts";
import type { RunEnd } from "./run-host.ts";
import type { Settings } from "./settings.ts";

/** The row as the store has it; `undefined` when it has none or cannot say. */
export async function lookUp(settings: Settings, jobId: string): Promise<JobRecord | undefined> {
  const { store, callStore } = settings;
  return callStore(() => store.get(jobId)).catch(() => undefined);
}

/** Calls `onDead`, and waits for it no longer than for a handler. */
export async function tellDead({ options, deadlines }: Settings, record: JobRecord): Promise<void> {
  const { onDead } = options;
  if (onDead === undefined) return;
  const heard = guarded("onDead", () => onDead(record));
  if (heard) await within(deadlines.handler, heard);
}

/** An unrecognised shape is a dead letter, unless the job is expected and about to be polled. */
export async function tellParked({ settings, worker, emit }: Kit, jobId: string): Promise<RunEnd> {
  const row = await lookUp(settings, jobId);
  if (row?.state === "dead") {
    emit({ type: "dead", jobId, attempt: row.attempts, reason: "unrecognized" });
    await tellDead(settings, row);
  }
  worker.slots.free(1);
  return "dead";
}
