import { DUE } from "./lua/claim.ts";
import { fromText, type Value } from "./row.ts";
import type { Run } from "./run.ts";

/**
 * Leases up to `limit` due rows. This takes two scripts, because a script must get the names of its
 * keys. The first script reads ids. The second one leases those jobs that no other instance has
 * leased meanwhile.
 */
export async function takeDue<Lease>(
  run: Run,
  from: "work" | "polls",
  limit: number,
  take: (jobIds: string[]) => Promise<Lease[]>,
): Promise<Lease[]> {
  const taken: Lease[] = [];
  for (let wanted = limit; wanted > 0; wanted = limit - taken.length) {
    const due = await run<Value[]>(DUE, [], [from, wanted]);
    if (due.length > 0) taken.push(...(await take(due.map((id) => fromText(id) ?? ""))));
    if (due.length < wanted) break;
  }
  return taken;
}
