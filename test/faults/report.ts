import type { Outcome } from "./outcome.ts";

/** A description of each part, above its table. */
const ABOUT: Record<string, string> = {
  "kill -9":
    "The campaign kills server processes under load, one after the other. A fifth of their callbacks fail, and a quarter of the deliveries are repeats. Each kill comes at one of these points, in turn: at a random time, before the write, after the write, after the answer, in the callback, before the job is settled, after it is settled. The last process handles the results that are left. The memory store is the control: if it lost no results, the kills would have no effect.",
  "worker paused":
    "A worker is stopped (SIGSTOP) during two callbacks, for the length of three leases. Another worker claims both jobs. When the first worker runs again, the store refuses its settlement, and the receiver aborts the signal of the callback that still waits.",
  "clocks apart":
    "The clocks of two instances are ten minutes apart. Each instance has a lease of a job for the length of four leases, while the other instance asks the store for jobs all the time. Then each instance dies in turn, and the other claims its job at once. SQLite uses the clock of its host, so it is not part of this.",
  poison:
    "The callback of one result kills its process while other callbacks run, and a supervisor starts the next process. This result is dead after exactly `maxAttempts` attempts, here three. All results that were claimed together with it, or that come later, are handled.",
  SIGTERM:
    "A server under load has callbacks of 0 to 30 s, and gets SIGTERM with a drain of 5 s. It ends in time, and resets no connection. It releases the leases of interrupted callbacks, which costs no attempt, and the next process runs these callbacks. During the drain, the server keeps listening and answers with `connection: close`, as a server behind a load balancer should.",
  "database fails":
    "Two instances share one database. The database is killed (kill -9) and started again, and stopped for 0 to 2 s. Its connections become half-open, or break after the commit and before the reply. No sender gets 200 without a row. No sender waits for longer than the store's timeout of 1 s and another second. Afterwards every job is settled, and every repeat is recognised. `redis` is the Redis store with ioredis; `node-redis` and `upstash` are the same store with other clients.",
};

const COLUMNS = `| column | |
| --- | --- |
| sent | all deliveries |
| acknowledged | jobs that were answered 200 |
| handled | jobs whose callback returned |
| handled again | how often a callback returned again, because its process died before the store recorded the first time |
| done recorded | settlements that the store confirmed to a live process |
| point not reached | servers that did not reach their point in time, and were killed then |
| written though refused | jobs that were stored although the sender got an error. Their repeat was a duplicate |
| broken promises | what the checker found. For memory: acknowledged results that were lost |`;

const RULES = `- An acknowledged result has a row. A callback for it returns, and then the row is done.
- A job becomes done once, by the process that handled it, and stays done.
- A repeat is a duplicate from then on.
- A job has at most one lease at a time. Fences grow, and no fence is granted twice.
- A settlement with an old fence is refused.
- A callback runs once for each lease, in the process that has the lease.
- Every claim counts as an attempt, except one that was released.`;

/** The whole text of docs/faults.md. */
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
    "`pnpm faults` writes this page. It starts real servers (with the Express adapter) and its own databases, kills and interrupts them, and compares what they recorded with the promises. `pnpm test` runs a short form with a tenth of the kills.",
    `Seed ${o.seed}, ${o.kills} kills, ${o.minutes} minutes on Node ${process.version}, ${o.date}.`,
    padded(COLUMNS),
    ...sections,
    "## What is promised",
    `Every process writes to one history: each lease that it gets, each settlement with the store's reply, and the start and end of each callback. The senders write the answers that they got. Afterwards a checker reads the history (\`test/faults/history\`):\n\n${RULES}`,
    "## Whether the checker finds faults",
    "`test/faults/check-history.test.ts` gives the checker wrong histories, one for each rule. `test/faults/planted-faults.test.ts` runs the campaign with servers that have a planted fault, such as an answer before the write, a settlement without the fence, a lease that never ends, or no drain. Each fault is found.",
    "## What it does not show",
    "The campaign has no power failure: the machine itself stays up, so even data that is not on the disk yet survives. It has no loss of a machine and no failover: `test/failover` tries these on pairs of servers. It has no two results that kill their process at the same time: until the receiver runs them one at a time, the jobs beside them can lose more than two attempts.",
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

/** The table as the formatter writes it. */
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
