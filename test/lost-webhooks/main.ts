// The long form: `pnpm campaign [jobs] [seed]`. The exit code is 1 when a promise was broken.
import { runCampaign } from "./campaign.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { postgresPlace, sqlitePlace } from "./temporary-databases.ts";

const [jobs = 10_000, seed = Date.now()] = process.argv.slice(2).map(Number);
const KILLS = 5;
const TIMES = { longestJobMs: 8_000, poll: { afterMs: 10_000, everyMs: 10_000 }, leaseMs: 10_000 };
const server = await findPostgres();
let broken = false;

for (const [name, instances, open] of [
  ["SQLite, one process", 1, sqlitePlace],
  ["PostgreSQL, three instances", 3, async () => server && postgresPlace(server)],
] as const) {
  const found = await open();
  if (found === undefined) {
    console.log(`\n${name}: skipped, there is no server`);
    continue;
  }
  const { place } = found;
  const report = await runCampaign({ jobs, place, instances, kills: KILLS, seed, times: TIMES });
  await found.close();
  console.log(`\n${name}, ${jobs} jobs, ${KILLS} kills, seed ${seed}`);
  console.log(JSON.stringify(report, undefined, 2));
  broken ||= Object.values(report.wrong).some((count) => count > 0) || report.slow > 0;
}
console.log(
  broken ? "\nbroken" : "\nkept: one completed callback per job, nothing forged, nothing late",
);
process.exitCode = broken ? 1 : 0;
