// Measures what a Worker costs before its first request: the time to compile and run the module,
// compared with zod/mini with one schema. Run `npx tsx test/runtimes/workerd/startup.ts` after a
// build, on an idle machine.
import { runInThisContext } from "node:vm";
import { build } from "esbuild";

const RUNS = 300;

const APPS = {
  "zod/mini": `
    import * as z from "zod/mini";
    z.looseObject({ type: z.string(), items: z.array(z.looseObject({ type: z.string() })) });`,
  "core, Hono adapter, D1 store": `
    import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/hono";
    import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
    abstraktWebhook(({ env }) => createReceiver({ auth: "none", store: d1Store(env.DB) }));`,
};

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
  });
  return outputFiles[0]?.text ?? "";
}

/** The median and the minimum of CPU time, in ms; each run compiles again. */
function measure(code: string): { medianMs: number; leastMs: number } {
  const times = Array.from({ length: RUNS }, (_, run) => {
    const before = process.cpuUsage();
    runInThisContext(`${code}\n// ${run}`);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  times.sort((a, b) => a - b);
  return { medianMs: times[RUNS / 2] ?? 0, leastMs: times[0] ?? 0 };
}

const results = new Map<string, number>();
for (const [name, contents] of Object.entries(APPS)) {
  const { medianMs, leastMs } = measure(await bundle(contents));
  results.set(name, medianMs);
  console.log(`${name}: ${medianMs.toFixed(2)} ms of CPU, ${leastMs.toFixed(2)} at least`);
}
const [zod = 1, ours = 0] = results.values();
console.log(`ratio: ${(ours / zod).toFixed(2)} (Node ${process.version})`);
