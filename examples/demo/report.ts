import type { Check } from "./check.ts";
import type { Paint } from "./paint.ts";
import type { Tally } from "./tally.ts";

/** The closing table. */
export function toTable(paint: Paint, { sender, receiver }: Tally): string[] {
  return [
    row("delivered", sender.sent, `${sender.strays} of them strays that belong to no job`),
    row("acked", sender.acked, `${show(receiver.ackMs)} at the endpoint`),
    row("", undefined, `${show(sender.roundTripMs)} there and back`),
    row("duplicates suppressed", receiver.duplicates),
    row("conflicts", receiver.conflicts, "the first result stood"),
    row("refused", receiver.refused),
    row("fetched", receiver.fetched, "their webhook never came"),
    row("callbacks run", receiver.runs),
    row("retried", receiver.retried),
    row("dead", receiver.dead, "of unknown status, kept for a person"),
  ];

  function row(name: string, count: number | undefined, remark?: string): string {
    const number = paint("bold", String(count ?? "").padStart(4));
    return `  ${name.padEnd(22)} ${number}${remark === undefined ? "" : `   ${paint("dim", remark)}`}`;
  }
}

const show = ({ p50, p99 }: { p50: number; p99: number }): string =>
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;

/** One line per check, and the verdict. */
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
