import type { Tally } from "./tally.ts";

/** One claim about a run of the demo, and whether it is true. */
export interface Check {
  readonly ok: boolean;
  readonly text: string;
}

type Term = readonly [count: number, of: string];

/** Compares what the receiver recorded with what the sender recorded. */
export function checkAll({ sender, receiver }: Tally): Check[] {
  const jobs: Term = [sender.jobs, "jobs"];
  const sent: Term = [sender.sent, "sent"];
  return [
    equal(jobs, [receiver.handledOnce, "handled exactly once"]),
    equal(jobs, [receiver.handledRightly, "handled with their own result"]),
    equal(jobs, [receiver.handled, "callbacks that ended well"]),
    equal(jobs, [receiver.stored, "results by webhook"], [receiver.fetched, "fetched"]),
    equal([receiver.fetched, "fetched"], [sender.neverSent, "never sent"]),
    equal(
      sent,
      [receiver.stored, "stored"],
      [receiver.duplicates, "duplicates"],
      [receiver.conflicts, "conflicts"],
      [receiver.refused, "refused"],
      [receiver.ignored + receiver.parked, "other"],
    ),
    equal(sent, [sender.rightAnswers, "answered as documented"]),
    equal([receiver.duplicates, "duplicates suppressed"], [sender.duplicates, "sent"]),
    equal([receiver.conflicts, "conflicts noticed"], [sender.conflicts, "sent"]),
    equal(
      [receiver.refused, "refused"],
      [sender.cutOff, "cut off"],
      [sender.badStrays, "bad strays"],
    ),
    equal([receiver.runs, "callbacks run"], jobs, [receiver.retried, "retried"]),
    equal([receiver.retried, "retried"], [sender.failingFirst, "that fail at first"]),
    equal([receiver.dead, "dead"], [receiver.parked, "of unknown status"]),
  ];
}

function equal(total: Term, ...parts: readonly Term[]): Check {
  const ok = total[0] === parts.reduce((sum, [count]) => sum + count, 0);
  const show = ([count, of]: Term): string => `${count} ${of}`;
  return { ok, text: `${show(total)} ${ok ? "=" : "≠"} ${parts.map(show).join(" + ")}` };
}
