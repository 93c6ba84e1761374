import { DUE } from "./lua/claim.ts";
import { fromText, type Value } from "./row.ts";
import type { Run } from "./run.ts";

/**
 * Takes up to `limit` of what is due, in two steps, since a script may only touch keys that are named
 * to it: ids first, then those of them that nobody else has taken meanwhile.
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
