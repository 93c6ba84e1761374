import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import type { HandlerContext, JobStore, JobSucceeded } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import { settleInTests, type Shop } from "../../stores/settle-in-suite.ts";

/** Opens a database through an ORM; it has the table of images and the table of jobs. */
export type Open = (address: string) => {
  readonly store: JobStore;
  /** The recipe. */
  save(job: JobSucceeded, ctx: HandlerContext): Promise<unknown>;
  close(): Promise<void>;
};

/** A database with empty tables. `effects` are the images' job ids, read by a new connection. */
export interface Place extends Omit<Shop, "transaction"> {
  readonly address: string;
}

/**
 * Tests a recipe in rollbacks, with a lost lease and with `kill -9`. `module` exports `orm`, an
 * `Open`.
 */
export function settleInSuite(orm: string, module: string, create: () => Promise<Place>): void {
  describe(orm, async () => {
    const open = ((await import(module)) as Record<string, Open>)[orm];
    if (open === undefined) throw new Error(`Expected ${module} to export ${orm}.`);

    settleInTests(async () => {
      const place = await create();
      const { save, close } = open(place.address);
      return {
        ...place,
        async transaction(jobId, work) {
          const ctx = { settleIn: work } as unknown as HandlerContext;
          await save(succeededPayload({ job_id: jobId }), ctx);
        },
        async close() {
          await close();
          await place.close();
        },
      };
    });

    it("after ten kills between settleIn and COMMIT the effect happened once", async () => {
      const { address, effects, close } = await create();
      onTestFinished(close);
      /** The rows of both tables, read by new connections. */
      const look = async () => {
        const again = open(address);
        const state = (await again.store.get(job.job_id))?.state;
        await again.close();
        return { effects: await effects(), state };
      };
      const job = succeededPayload();
      const first = open(address);
      const delivery = { jobId: job.job_id, fingerprint: "1-a", source: "webhook" } as const;
      const payload = JSON.stringify(job);
      await first.store.ingest({ ...delivery, payload }, { owner: "test", leaseMs: 0 });
      await first.close();

      const words = [...(await bundle(module)), orm, address];
      for (let kill = 1; kill <= 10; kill += 1) {
        const held = { effects: [], state: "leased" };
        await killAt("settled", words, async () => expect(await look()).toEqual(held));
        expect(await look()).toEqual(held);
      }
      await killAt("committed", words);
      expect(await look()).toEqual({ effects: [job.job_id], state: "done" });
    });
  });
}

/** Plain JavaScript starts quickly. The file is placed where its packages can be found. */
async function bundle(module: string): Promise<string[]> {
  const outdir = `${dirname(module)}/dist`;
  await build({
    entryPoints: { callback: `${import.meta.dirname}/callback.ts`, orm: module },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
  return [`${outdir}/callback.mjs`, `${outdir}/orm.mjs`];
}

/** Runs a callback in its own process, and kills the process at the point where it waits. */
async function killAt(
  point: "settled" | "committed",
  words: string[],
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const child = spawn(process.execPath, [...words, point], { stdio: [...stdio] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const reached = await Promise.race([once(child.stdout, "data"), exited]);
  expect(`${reached}`).toBe(`${point}\n`);
  await meanwhile?.();
  child.kill("SIGKILL");
  expect(await exited).toEqual([null, "SIGKILL"]);
}
