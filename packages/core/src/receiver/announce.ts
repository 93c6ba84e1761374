import type { Intake } from "./intake.ts";
import type { Kit } from "./kit.ts";

/** Tells what became of a delivery; `status` and `startedAtMs` are there when it came by HTTP. */
export function announce(
  { emit, settings }: Kit,
  { jobId, source, outcome }: Intake,
  status?: number,
  startedAtMs?: number,
): void {
  // The console hears of warnings and dead letters only.
  if (settings.options.onEvent === undefined) return;
  const ackMs = startedAtMs === undefined ? undefined : settings.now() - startedAtMs;
  const arrival = { jobId, source, status, ackMs };
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
