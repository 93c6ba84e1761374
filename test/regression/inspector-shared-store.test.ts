import { createReceiver, memoryStore, type Receiver } from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

/** The state of each job in the table of a receiver's front page. */
type Table = () => Promise<ReadonlyMap<string, string>>;

/** Two processes with one store. Both have a page. The callbacks run in the second process. */
function twoProcesses() {
  const store = memoryStore();
  const broken = new Set<string>();
  const start = (handles: boolean): { receiver: Receiver; table: Table } => {
    const receiver = createReceiver({
      auth: "none",
      store,
      concurrency: 1,
      retry: { maxAttempts: 1 },
      onEvent: () => undefined,
      onSucceeded({ job_id: jobId }) {
        if (broken.has(jobId)) throw new Error("the archive is down");
      },
    });
    return { receiver, table: tableOf(receiver) };
  };
  return { a: start(false), b: start(true), broken };
}
