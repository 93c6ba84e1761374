import type { Outcome } from "./outcome.ts";

/** What each part does, for the reader of its table. */
const ABOUT: Record<string, string> = {
  "kill -9":
    "One server process after the other is killed under load, a fifth of whose callbacks fail and a quarter of whose deliveries are repeats: in turn at a random time and before the write, after the write, after the answer, in the callback, before and after the settling. The last process handles what is left. Memory is the control: it must lose some, or nothing was tried.",
  "worker paused":
    "A worker is stopped (SIGSTOP) for three leases in the middle of two callbacks. A successor takes both. Awake again, the worker's settling is refused, and the signal of the callback that still waits fires.",
  "clocks apart":
    "Two instances whose clocks are ten minutes apart each hold a job for four leases while the other looks for work all the time. Then each dies in turn, and the other takes over at once. SQLite goes by the clock of its host, so it takes no part.",
  poison:
    "A result whose callback kills its process while others run beside it, and a supervisor that starts the next. It is dead after exactly `maxAttempts` runs, here three. Those that are claimed along with it each time, and others that come meanwhile, are all handled.",
  SIGTERM:
    "A server under load, with callbacks of 0 to 30 s, is asked to end with a budget of 5 s. It ends in time, no connection is reset, what was cut off is given back with the attempt not counted, and the next process handles it. The server goes on listening while it drains and answers with `connection: close`, as one behind a balancer should.",
  "database fails":
    "Two instances behind one database that is killed (kill -9) and started again, stopped for 0 to 2 s, cut off by a connection that is half-open, and by one that breaks after the commit and before the reply. Nobody is told 200 without a row, nobody waits for longer than the store's timeout of 1 s and another second, and afterwards everything is settled and every repeat is known. `redis` is the Redis store through ioredis; it is tried through node-redis and Upstash's REST client as well.",
};

const COLUMNS = `| column | |
| --- | --- |
| sent, acknowledged | deliveries in all; jobs that were answered 200 |
| handled, handled again | jobs whose callback ended well; how often one did so again, since its process died before that was recorded |
| done recorded | settlings whose answer a process lived to see |
| point not reached | servers that ended by the clock, since their point did not come |
| written though refused | jobs whose write was committed although the sender heard otherwise; the repeat was a duplicate |
| broken promises | what the checker found; for memory, the acknowledged results that were lost |`;

const RULES = `An acknowledged result has a row, reaches a callback that ends well, and its row says so. Done is recorded once, by the process
that handled it, and is the end. A repeat is a duplicate ever after. At most one lease at a time; fences grow and none is granted twice; a
settling under an old fence is refused; a callback runs once under a lease of its own process. Every claim counts as an attempt but one that
was given back.`;

/** The whole of docs/faults.md. */
export function toReport(
  outcomes: readonly Outcome[],
  o: { seed: number; kills: number; minutes: number; date: string },
): string {
  const parts = [...new Set(outcomes.map(({ part }) => part))];
  const sections = parts.map((part) => {
    const own = outcomes.filter((outcome) => outcome.part === part);
    return `## ${part}\n\n${ABOUT[part] ?? ""}\n\n${toTable(own)}`;
  });
  return `${[
    "# Faults",
    "Written by `pnpm faults`, which starts real servers (the Express adapter) and databases of its own, treats them badly, and holds what all of them noted to what is promised. A short form with a tenth of the kills is part of `pnpm test`.",
    `Seed ${o.seed}, ${o.kills} kills, ${o.minutes} minutes on Node ${process.version}, ${o.date}.`,
    padded(COLUMNS),
    ...sections,
    "## What is promised",
    `Every process appends what it does to one history: what it was granted, what it settles and what the store says to that, when a callback starts and ends. The senders append what they were told. A checker goes through it afterwards (\`test/faults/history\`):\n\n${RULES}`,
    "## Whether it would notice",
    "`test/faults/check-history.test.ts` shows the checker histories that are wrong, one for each rule. `test/faults/planted-faults.test.ts` runs the campaign with servers that have a planted fault, such as answering before the write, settling without the fence, leases that never end or no drain: each is caught.",
    "## What it does not show",
    "A power failure: the machine itself stays up, so what is not synced survives. The loss of a machine or a failover: `test/failover` tries those on pairs of servers. Two results that kill their process at the same time: while neither is suspected yet, what runs beside them can lose more than two attempts.",
  ].join("\n\n")}\n`;
}

function toTable(outcomes: readonly Outcome[]): string {
  const columns = [...new Set(outcomes.flatMap(({ counts }) => Object.keys(counts)))];
  const rows = outcomes.map(({ store, counts, violations }) => {
    const lost = violations.filter(({ rule }) => rule === "lost").length;
    const broken = store === "memory" ? `${lost} lost` : `${violations.length}`;
    return [store, ...columns.map((column) => `${counts[column] ?? "-"}`), broken];
  });
  const lines = [["store", ...columns, "broken promises"], columns.concat("", "").map(() => "---")];
  return padded([...lines, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
}

/** As the formatter would have it. */
function padded(table: string): string {
  const rows = table.split("\n").map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0), 3),
  );
  return rows
    .map((row) =>
      widths.map((width, column) => {
        const cell = row[column] ?? "";
        return cell === "---" ? "-".repeat(width) : cell.padEnd(width);
      }),
    )
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
