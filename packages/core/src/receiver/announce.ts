import type { Emit } from "./events.ts";
import type { Intake } from "./intake.ts";

/** Tells what became of a delivery; `answer` is there when it came by HTTP. */
export function announce(
  emit: Emit,
  { jobId, source, outcome }: Intake,
  answer?: { status: number; ackMs: number },
): void {
  const arrival = { jobId, source, ...answer };
  switch (outcome.kind) {
    case "leased":
    case "stored":
      return emit({ type: "stored", ...arrival });
    case "duplicate":
      return emit({ type: "duplicate", state: outcome.state, ...arrival });
    case "conflict":
      return emit({ type: "conflict", state: outcome.state, reason: outcome.reason, ...arrival });
    case "parked":
      return emit({ type: "parked", reason: "unrecognized", ...arrival });
    case "ignored":
      return emit({ type: "ignored", reason: "pending", ...arrival });
  }
}
