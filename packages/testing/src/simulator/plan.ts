import { createRandom, type Random } from "./random.ts";

/** The kind of a delivery: normal, or one kind of fault. */
export type DeliveryKind =
  /** The result, once, when the job ends. */
  | "normal"
  /** The same body again. It may arrive before the delivery that it repeats. */
  | "duplicate"
  /** The result, sent after the results of all jobs that were submitted at the same time. */
  | "late"
  /** The first half of the body. It is not JSON, and it is never sent again. */
  | "corrupt"
  /** The opposite result for the same job. */
  | "conflict";

/** One delivery to make. */
export interface PlannedDelivery {
  readonly kind: DeliveryKind;
  /** Milliseconds after the job's end, or after the previous answer if that is later. */
  readonly afterMs: number;
}

/** What happens to one job. It is decided when the job is submitted. */
export interface JobPlan {
  readonly jobId: string;
  readonly status: "succeeded" | "failed";
  /** From submission to the job's end, in milliseconds. */
  readonly latencyMs: number;
  /** In order of sending; empty when the result is never delivered. */
  readonly deliveries: readonly PlannedDelivery[];
  /** An unsigned 32-bit number that makes one output differ from another. */
  readonly variant: number;
}

/** How often each fault happens. Rates are probabilities from 0 to 1. */
export interface Behaviour {
  readonly latency: { readonly minMs: number; readonly maxMs: number };
  readonly failureRate: number;
  readonly duplicateRate: number;
  readonly dropRate: number;
  readonly reorderRate: number;
  readonly corruptRate: number;
}

/** What a submission can set for its own job in `input.simulate`. */
export interface ForcedPlan {
  readonly status?: "succeeded" | "failed" | undefined;
  readonly latencyMs?: number | undefined;
  /** These deliveries in this order. With an empty list, only a poll finds the result. */
  readonly deliveries?: readonly DeliveryKind[] | undefined;
}

const LATE_MARGIN_MS = 50;
// An odd number, so that 2^32 jobs in a row have different generators.
const GOLDEN_RATIO = 0x9e3779b9;

/**
 * Makes the plan of a simulator's job number `index`. The same arguments give the same plan. The
 * order of the random numbers is the same for all rates, so a rate changes only its own fault.
 */
export function planJob(
  seed: number,
  index: number,
  behaviour: Behaviour,
  forced: ForcedPlan = {},
): JobPlan {
  const random = createRandom(seed + Math.imul(index, GOLDEN_RATIO));
  const idDigits = uint32(random).toString(16).padStart(8, "0");
  const variant = uint32(random);
  const { minMs, maxMs } = behaviour.latency;
  const latencyMs = Math.round(minMs + random() * (maxMs - minMs));
  const fails = random() < behaviour.failureRate;
  const kinds = drawKinds(random, behaviour);
  return {
    jobId: `job_${idDigits}${index.toString(36).padStart(4, "0")}`,
    status: forced.status ?? (fails ? "failed" : "succeeded"),
    latencyMs: forced.latencyMs ?? latencyMs,
    deliveries: schedule(forced.deliveries ?? kinds, random, maxMs),
    variant,
  };
}

const uint32 = (random: Random): number => Math.floor(random() * 2 ** 32);

function drawKinds(random: Random, rates: Behaviour): DeliveryKind[] {
  const dropped = random() < rates.dropRate;
  const corrupt = random() < rates.corruptRate;
  const late = random() < rates.reorderRate;
  const duplicate = random() < rates.duplicateRate;
  if (dropped) return [];
  const kinds: DeliveryKind[] = [late ? "late" : "normal"];
  if (corrupt) kinds.unshift("corrupt");
  if (duplicate) kinds.push("duplicate");
  return kinds;
}

function schedule(
  kinds: readonly DeliveryKind[],
  random: Random,
  longestLatencyMs: number,
): PlannedDelivery[] {
  let afterMs = 0;
  return kinds.map((kind) => {
    const gapMs = Math.round(random() * longestLatencyMs);
    if (kind === "late") afterMs = longestLatencyMs + LATE_MARGIN_MS;
    else afterMs = kind === "duplicate" ? afterMs + gapMs : 0;
    return { kind, afterMs };
  });
}
