import { startChild } from "./child.ts";
import { PAGE_PATH } from "./mounted.ts";
import { loadNode, type NodeBinary } from "./nodes.ts";
import { fetchText, openPage, type Viewed } from "./page-viewer.ts";
import type { Report } from "./serve.ts";
import { median } from "./statistics.ts";

/** How much more a delivery may cost while a page is open. */
const MAX_RATIO = 1.1;
/** How long a page may show nothing new while results arrive. */
const MAX_SILENCE_MS = 3_000;
/** How much more memory a server may keep with a page open than without. */
const MAX_MORE_BYTES = 16 * 1024 * 1024;

/** One server under a steady load of 500 deliveries a second. */
interface Steady {
  readonly deliveries: number;
  readonly cpuMicros: number;
  readonly keptBytes: number;
  readonly viewed?: Viewed | undefined;
}

/** Compares a server with a page open with the same server without. Answers whether all is met. */
export async function benchLive(
  node: NodeBinary,
  rounds: number,
  seconds: number,
): Promise<boolean> {
  const taken: { closed: Steady; open: Steady }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    taken.push({ closed: await run(node, seconds, false), open: await run(node, seconds, true) });
  }
  const ratios = taken.map(({ open, closed }) => open.cpuMicros / closed.cpuMicros);
  const ratio = median(ratios);
  const silence = Math.max(...taken.map(({ open }) => open.viewed?.longestMs ?? Infinity));
  const more = median(taken.map(({ open, closed }) => open.keptBytes - closed.keptBytes));
  const fragments = median(taken.map(({ open }) => open.viewed?.fragments ?? 0));
  const micros = (side: "open" | "closed") => median(taken.map((one) => one[side].cpuMicros));
  const isMet = ratio <= MAX_RATIO && silence <= MAX_SILENCE_MS && more <= MAX_MORE_BYTES;
  console.log(
    [
      `500 deliveries a second for ${seconds} s, a page open and not, medians of ${rounds} rounds`,
      `  CPU for each delivery: ${micros("open").toFixed(0)} us and ${micros("closed").toFixed(0)} us`,
      `  ratio ${ratio.toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(" ")}), at most ${MAX_RATIO.toFixed(2)}`,
      `  the page was fetched ${fragments} times; its longest silence was ${Math.round(silence)} ms, at most ${MAX_SILENCE_MS}`,
      `  heap kept more than without: ${(more / 1_048_576).toFixed(1)} MB, at most ${MAX_MORE_BYTES / 1_048_576}`,
      `  ${isMet ? "met" : "MISSED"}`,
      "",
    ].join("\n"),
  );
  return isMet;
}

async function run(node: NodeBinary, seconds: number, isOpen: boolean): Promise<Steady> {
  const server = startChild([node.path, "--expose-gc"], "./serve.js", "page");
  const url = await server.heard<string>();
  const load = startChild([loadNode], "./page-load.js", url);
  try {
    await load.ask<number>(WARM_UP_SECONDS);
    // What V8 compiles at the first pages is not what a page costs that is open.
    for (let page = 0; page < WARM_UP_PAGES; page += 1) {
      await fetchText(new URL(PAGE_PATH, url).href, { "hx-request": "true" });
    }
    const before = await server.ask<Report>({});
    const page = isOpen ? await openPage(new URL(PAGE_PATH, url).href) : undefined;
    const deliveries = await load.ask<number>(seconds);
    // The last change is told within a second.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const viewed = page?.close();
    const after = await server.ask<Report>({});
    if (viewed !== undefined && viewed.done !== after.callbacks) {
      throw new Error(
        `Expected the page to show ${after.callbacks} done jobs, got ${viewed.done}.`,
      );
    }
    return {
      deliveries,
      cpuMicros: ((after.cpuMs - before.cpuMs) / deliveries) * 1_000,
      keptBytes: after.heapBytes - before.heapBytes,
      viewed,
    };
  } finally {
    await Promise.all([load.end(), server.end()]);
  }
}

const WARM_UP_SECONDS = 8;
const WARM_UP_PAGES = 100;
