// Runs due jobs by a recipe, reports the point that its callback has reached, and waits to be
// killed.
import { createReceiver, type HandlerContext } from "@abstrakt-webhooks/core";
import type { Open } from "./suite.ts";

const [module = "", orm = "", address = "", stopAt] = process.argv.slice(2);
const open = ((await import(module)) as Record<string, Open>)[orm];
if (open === undefined) throw new Error(`Expected ${module} to export ${orm}.`);
const { store, save } = open(address);

async function reach(point: string): Promise<void> {
  if (point !== stopAt) return;
  console.log(point);
  await new Promise(() => undefined);
}

const receiver = createReceiver({
  auth: "none",
  store,
  retry: { maxAttempts: 100 },
  limits: { leaseMs: 1_000 }, // the next process waits this long for the job
  onEvent: () => undefined,
  onSucceeded: async (job, ctx) => {
    const settleIn = async (tx: unknown) => {
      await ctx.settleIn(tx);
      await reach("settled");
    };
    await save(job, { ...ctx, settleIn } as HandlerContext);
    await reach("committed");
  },
});
receiver.start();
// A receiver alone does not keep a process alive, and the killed process's lease must end first.
setInterval(() => undefined, 1_000);
