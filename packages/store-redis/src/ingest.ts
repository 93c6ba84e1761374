import type { Delivery, Ingested, JobState, JobStore } from "@abstrakt-webhooks/core";
import { createBatcher } from "@abstrakt-webhooks/core/store";
import { INGEST } from "./lua/ingest.ts";
import { fromText, toText, type Value } from "./row.ts";
import { runForEach, type Run } from "./run.ts";

type Reply =
  | readonly ["leased", fence: Value, received: Value, binding: Value, expected: Value]
  | readonly ["stored"]
  | readonly ["parked"]
  | readonly ["duplicate", state: JobState]
  | readonly ["conflict", state: JobState, reason: "result" | "binding"];

interface IngestCall {
  readonly delivery: Delivery;
  readonly leaseMs: number;
}

/** Ingests deliveries. Calls of the same turn share one script. */
export function createIngest(
  run: Run,
  { deadTtlMs, waitReplicas }: { deadTtlMs: number; waitReplicas: number },
): JobStore["ingest"] {
  const batched = createBatcher<IngestCall, Reply>({
    send(batch) {
      const args: (string | number)[] = [deadTtlMs, waitReplicas > 0 ? "1" : ""];
      for (const { delivery, leaseMs } of batch) {
        const { jobId, fingerprint, payload, source, binding } = delivery;
        args.push(jobId, toText(fingerprint), payload, source, toText(binding), leaseMs);
      }
      const jobIds = batch.map(({ delivery }) => delivery.jobId);
      return runForEach<Reply>(run, INGEST, jobIds, args, waitReplicas);
    },
    lengthOf: ({ delivery }) => delivery.payload.length,
  });
  return async (delivery, { leaseMs }) =>
    toIngested(await batched({ delivery, leaseMs }), delivery);
}

function toIngested(reply: Reply, { jobId, fingerprint, payload, source }: Delivery): Ingested {
  switch (reply[0]) {
    case "stored":
    case "parked":
      return { kind: reply[0] };
    case "duplicate":
      return { kind: "duplicate", state: reply[1] };
    case "conflict":
      return { kind: "conflict", state: reply[1], reason: reply[2] };
    case "leased": {
      const [, fence, received, bound, expected] = reply;
      const binding = fromText(bound);
      const lease = {
        jobId,
        fence: Number(fence),
        attempt: 1,
        payload,
        source,
        receivedAtMs: Number(received),
        ...(fingerprint !== undefined && { fingerprint }),
        ...(binding !== undefined && { binding }),
        ...(Number(expected) === 1 && { expected: true }),
      };
      return { kind: "leased", lease };
    }
  }
}
