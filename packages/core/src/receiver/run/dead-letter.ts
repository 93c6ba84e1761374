import { within } from "../../clock.ts";
import type { JobRecord } from "../../store/job-store.ts";
import { guarded } from "../events/emit.ts";
import type { Settings } from "../settings.ts";

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
