import type { HandlerContext } from "@abstrakt-webhooks/core";
import type { Note } from "../history/history.ts";
import type { Reach } from "./fail-at.ts";

/** The behaviour of a job's callback, as the job's id says: `wait-500-17` waits for 500 ms. */
export type Behaviour = "plain" | "flaky" | "slow" | "wait" | "block" | "poison";

const SUCCESSOR_MS = 1_500;

/** A callback that behaves as the job's id says, and records it. */
export function createCallback(note: Note, reach: Reach, quick: boolean) {
  return async ({ job_id: jobId }: { job_id: string }, ctx: HandlerContext): Promise<void> => {
    const { fence, attempt, signal } = ctx;
    note({ kind: "started", jobId, fence, attempt });
    reach("in callback");
    const [behaviour, text] = jobId.split("-") as [Behaviour, string];
    const amount = Number(text);
    switch (behaviour) {
      case "plain":
        await new Promise((turn) => setImmediate(turn));
        break;
      case "flaky":
        await new Promise((turn) => setImmediate(turn));
        if (attempt <= amount) throw new Error(`Attempt ${attempt} of ${amount} that fail.`);
        break;
      case "slow":
        await waited(amount, signal);
        break;
      case "wait":
        if (attempt === 1 && !quick && !(await waited(amount, signal))) {
          note({ kind: "signalled", jobId, fence, attempt });
          throw signal.reason;
        }
        break;
      case "block":
        if (attempt === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, amount);
        // The successor then has a lease when this process settles too late.
        else await waited(SUCCESSOR_MS, signal);
        break;
      case "poison":
        process.kill(process.pid, "SIGKILL");
    }
    note({ kind: "completed", jobId, fence, attempt });
  };
}

/** False when the signal aborted first. */
function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
