import type { Check } from "./check.ts";
import type { Paint } from "./paint.ts";
import type { Tally } from "./tally.ts";

/** The table at the end. */
export function toTable(paint: Paint, { sender, receiver }: Tally): string[] {
  const rows: readonly (readonly [name: string, count: number | "", remark: string])[] = [
    ["sent", sender.sent, `${sender.strays} of them belong to no job`],
    ["acknowledged", sender.acked, `${show(receiver.ackMs)} as the endpoint measured it`],
    ["", "", `${show(sender.roundTripMs)} as the sender measured it`],
    ["duplicates suppressed", receiver.duplicates, ""],
    ["conflicts", receiver.conflicts, "the first result counted"],
    ["refused", receiver.refused, ""],
    ["fetched", receiver.fetched, "their webhook never came"],
    ["callbacks run", receiver.runs, ""],
    ["retried", receiver.retried, ""],
    ["dead", receiver.dead, "of unknown status, kept for a person"],
  ];
  return rows.map(([name, count, remark]) =>
    `  ${name.padEnd(22)} ${paint("bold", String(count).padStart(4))}   ${paint("dim", remark)}`.trimEnd(),
  );
}

const show = ({ p50, p99 }: { p50: number; p99: number }): string =>
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;

/** One line for each check, and then a line that says whether every check succeeded. */
export function toVerdicts(paint: Paint, checks: readonly Check[]): string[] {
  const wrong = checks.filter((check) => !check.ok).length;
  return [
    ...checks.map(
      ({ ok, text }) => `  ${ok ? paint("green", "ok   ") : paint("red", "WRONG")}  ${text}`,
    ),
    "",
    wrong === 0
      ? paint("green", "Every job was handled exactly once.")
      : paint("red", `${wrong} of ${checks.length} checks failed.`),
  ];
}
