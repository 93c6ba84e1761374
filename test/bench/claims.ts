import type { JobStore } from "@abstrakt-webhooks/core";
import { jobIdOf, postBy } from "./delivery.ts";
import { median } from "./statistics.ts";
import { openStore, type StoreName } from "./stores.ts";

/** How many times longer a claim may take among the most rows than among the fewest. */
const MOST = 2;
const SAMPLES = 300;
const WARM_UP = 100;
const AT_ONCE = 512;
const HELD = { owner: "bench", leaseMs: 60_000 };

/** Median time of a claim of ten rows, by how many rows are due. */
export interface Claims {
  readonly store: StoreName;
  readonly sizes: readonly { readonly rows: number; readonly micros: number }[];
}

/** Fills a store step by step, every row due, and claims and gives back ten rows over and over. */
export async function measureClaims(name: StoreName, sizes: readonly number[]): Promise<Claims> {
  const { store, close } = await openStore[name]();
  const measured: { rows: number; micros: number }[] = [];
  let filled = 0;
  for (const rows of sizes) {
    await fillDue(store, filled, rows);
    filled = rows;
    measured.push({ rows, micros: await medianClaim(store) });
  }
  await close();
  return { store: name, sizes: measured };
}

/** Puts the rows of these jobs into a store, every row due. */
export async function fillDue(store: JobStore, first: number, end: number): Promise<void> {
  let next = first;
  const fill = async (): Promise<void> => {
    while (next < end) await store.ingest(deliveryOf(next++), { ...HELD, leaseMs: 0 });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fill));
}

/** Settles every row that is due, as done. */
export async function finishDue(store: JobStore): Promise<void> {
  for (let claimed = 1; claimed > 0;) {
    const leases = await store.claim({ ...HELD, limit: 1_000 });
    await Promise.all(leases.map((lease) => store.settle(lease, { to: "done" })));
    claimed = leases.length;
  }
}

/** How long it takes to claim ten rows, in microseconds. At least ten must be due. */
export async function medianClaim(store: JobStore): Promise<number> {
  const micros: number[] = [];
  for (let sample = -WARM_UP; sample < SAMPLES; sample += 1) {
    const start = performance.now();
    const leases = await store.claim({ ...HELD, limit: 10 });
    if (sample >= 0) micros.push((performance.now() - start) * 1_000);
    if (leases.length !== 10) throw new Error(`Expected 10 leases, got ${leases.length}.`);
    await Promise.all(leases.map((lease) => store.settle(lease, { to: "release" })));
  }
  return median(micros);
}

const deliveryOf = (index: number) =>
  ({
    jobId: jobIdOf(index),
    fingerprint: "1-aaaaaaaaaaaaaaaa",
    payload: postBy.unsigned(index).body,
    source: "webhook",
  }) as const;

const ratiosOf = ({ sizes }: Claims): number[] =>
  sizes.map(({ micros }) => micros / (sizes[0]?.micros ?? Number.NaN));

export const areFlat = (claims: Claims): boolean =>
  ratiosOf(claims).every((ratio) => ratio <= MOST);

/** What people read: times, and the ratio to the fewest rows. */
export function tableOfClaims(claims: Claims): string {
  const ratios = ratiosOf(claims);
  const lines = claims.sizes.map(({ rows, micros }, index) => {
    const count = rows.toLocaleString("en").padStart(9);
    return `  ${count} rows ${Math.round(micros).toString().padStart(6)} us, ratio ${ratios[index]?.toFixed(2)}`;
  });
  const verdict = areFlat(claims) ? "met" : "MISSED";
  return [
    `${claims.store}: a claim of ten rows, medians of ${SAMPLES}`,
    ...lines,
    `  at most ${MOST.toFixed(2)}: ${verdict}`,
    "",
  ].join("\n");
}
