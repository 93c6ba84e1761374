import { createRandom, type Random } from "./random.ts";

/** How a delivery differs from a clean one. */
export type DeliveryKind =
  /** The result, once, when the job ends. */
  | "normal"
  /** The same body again. It may overtake the delivery that it repeats. */
  | "duplicate"
  /** The result, but after those of all jobs that were submitted at the same time. */
  | "late"
  /** The first half of the body: not JSON, and never sent again. */
  | "corrupt"
  /** The opposite result for the same job. */
  | "conflict";

/** One delivery to make. */
export interface PlannedDelivery {
  readonly kind: DeliveryKind;
  /** Milliseconds after the job's end or, if later, after the answer to the job's delivery before. */
  readonly afterMs: number;
}

/** All that will happen to one job, decided when it is submitted. */
export interface JobPlan {
  readonly jobId: string;
  readonly status: "succeeded" | "failed";
  /** From submission to the job's end. */
  readonly latencyMs: number;
  /** In order of sending; empty when the result is never delivered. */
  readonly deliveries: readonly PlannedDelivery[];
  /** An unsigned 32-bit number that makes one output differ from another. */
  readonly variant: number;
}

/** How often what goes wrong: rates are probabilities from 0 to 1. */
export interface Behaviour {
  readonly latency: { readonly minMs: number; readonly maxMs: number };
  readonly failureRate: number;
  readonly duplicateRate: number;
  readonly dropRate: number;
  readonly reorderRate: number;
  readonly corruptRate: number;
}

/** What a submission may fix for its own job, as `input.simulate`. */
export interface ForcedPlan {
  readonly status?: "succeeded" | "failed" | undefined;
  readonly latencyMs?: number | undefined;
  /** Exactly these deliveries in this order; none means that polling is the only way. */
  readonly deliveries?: readonly DeliveryKind[] | undefined;
}

const LATE_MARGIN_MS = 50;
// Odd, so that 2^32 jobs in a row have distinct generators.
const GOLDEN_RATIO = 0x9e3779b9;

/**
 * Decides the fate of the `index`th job of a simulator. Pure: the same arguments, the same plan.
 * Every draw is made in the same order whatever the rates, so that one rate changes only its own fault.
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
