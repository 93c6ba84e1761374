/**
 * What the inspector's page costs: `pnpm bench page`.
 *
 * @module
 */
import { countInstructions, whyNotCounted } from "./instructions.ts";
import type { NodeBinary } from "./nodes.ts";
import { benchFronts } from "./page-front.ts";
import { benchLive } from "./page-live.ts";
import { median } from "./statistics.ts";

/** How many more instructions a delivery may need with the inspector mounted and no page open. */
const MAX_RATIO = 1.02;

type Part = "front" | "live" | "mounted";

/** Answers whether every bound is met. */
export async function benchPage(
  node: NodeBinary,
  only: string | undefined,
  rounds: number,
  seconds: number,
): Promise<boolean> {
  const parts: Record<Part, () => Promise<boolean>> = {
    front: benchFronts,
    live: () => benchLive(node, rounds, seconds),
    mounted: () => benchMounted(node, rounds),
  };
  let isMet = true;
  for (const [name, bench] of Object.entries(parts)) {
    if ((only ?? name) === name) isMet = (await bench()) && isMet;
  }
  return isMet;
}

async function benchMounted(node: NodeBinary, rounds: number): Promise<boolean> {
  const reason = await whyNotCounted();
  if (reason !== undefined) {
    console.error(reason);
    return false;
  }
  const counts: { without: number; mounted: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const without = await countInstructions(node, "node");
    counts.push({ without, mounted: await countInstructions(node, "page") });
  }
  const ratio = median(counts.map(({ without, mounted }) => mounted / without));
  const of = (side: "without" | "mounted") =>
    Math.round(median(counts.map((one) => one[side]))).toLocaleString("en");
  const isMet = ratio <= MAX_RATIO;
  console.log(
    [
      `Instructions for each delivery, no page open, medians of ${rounds} rounds`,
      `  with the inspector mounted ${of("mounted")}, without ${of("without")}`,
      `  ratio ${ratio.toFixed(3)}, at most ${MAX_RATIO.toFixed(2)}: ${isMet ? "met" : "MISSED"}`,
      "",
    ].join("\n"),
  );
  return isMet;
}
