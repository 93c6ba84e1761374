import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import type { Receiver } from "@abstrakt-webhooks/core";
import { describe, expect, it, vi } from "vitest";

/** What wrangler bundles with, and what Next does for its edge. */
const CONDITIONS = { Workers: ["workerd", "worker", "browser"], edge: ["edge-light"] };

/** An app as people deploy it: only what it uses comes along. Hono itself is not ours to count. */
const APPS = {
  "D1 store": `
    import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/hono";
    import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
    const receiverFor = ({ env }) => createReceiver({ auth: "none", store: d1Store(env.DB) });
    export default abstraktWebhook(receiverFor);`,
  "memory store": `
    import { abstraktWebhook, memoryStore } from "@abstrakt-webhooks/hono";
    export default abstraktWebhook({ auth: "none", store: memoryStore() });`,
};

/** The same receiver with each kind of client. */
const CLIENTS = `
  import { createClient } from "@abstrakt-webhooks/client";
  import { createReceiver, jobClient, memoryStore } from "@abstrakt-webhooks/hono";
  const own = (asked) => ({
    run: async () => ({ job_id: "job_1", status: "processing" }),
    getJob: async (jobId) => void asked.push(jobId),
  });
  const receiverOf = (client) =>
    createReceiver({ auth: "none", store: memoryStore(), poll: { afterMs: 1 }, client });
  export const bare = (asked) => receiverOf(own(asked));
  export const wrapped = (asked) => receiverOf(jobClient(own(asked)));
  export const made = (asked) => {
    const fetch = async (url, { method }) => {
      if (method === "GET") asked.push(url.split("/").at(-1));
      return Response.json({ job_id: "job_1", status: "processing" }, { status: 202 });
    };
    return receiverOf(createClient({ apiKey: "key", fetch }));
  };`;

const bundle = (app: keyof typeof APPS, conditions: string[]) => bundled(APPS[app], conditions);

async function bundled(
  contents: string,
  conditions: string[],
): Promise<{ code: string; inputs: string; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    external: ["hono"],
    conditions,
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, used]) => used.bytesInOutput > 0);
  return {
    code: outputFiles[0]?.text ?? "",
    inputs: inputs.map(([path]) => path).join("\n"),
    metafile,
  };
}

/**
 * Bytes, minified and gzipped: what is measured, 19.3 and 23.6 kB, and little more. The goal is 16
 * and 20. Of what these two apps never call, `expect` and `result` are 1.0 kB, confirmations 0.7 and
 * `drain` 0.4; of the second, lru-cache is 5.8.
 */
const CEILINGS = { "D1 store": 19_340, "memory store": 23_620 };

describe.each(Object.entries(CONDITIONS))("a bundle for %s", (_, conditions) => {
  it.each(Object.entries(CEILINGS) as [keyof typeof APPS, number][])(
    "with the %s: at most %i bytes",
    async (app, ceiling) => {
      const { code } = await bundle(app, conditions);
      const bytes = gzipSync(code, { level: 9 }).byteLength;
      console.log(`Hono adapter, core and ${app}: ${bytes} bytes, minified and gzipped`);
      expect(bytes).toBeLessThanOrEqual(ceiling);
    },
  );

  it("carries no memory store unasked, no zod and no reader for Node", async () => {
    const [d1, memory] = [
      await bundle("D1 store", conditions),
      await bundle("memory store", conditions),
    ];
    expect(memory.inputs).toContain("lru-cache");
    expect(d1.inputs).not.toContain("lru-cache");
    expect(d1.inputs).not.toContain("store/memory");
    for (const { inputs } of [d1, memory]) {
      expect(inputs).toContain("output-schema-by-hand");
      expect(inputs).not.toMatch(/\/zod\//);
      expect(inputs).not.toContain("node-delivery");
    }
  });

  it("carries nothing that submits or polls without a client, and all of it with one", async () => {
    const outbound = /receiver\/(outbound|poller|poll|poll-answer|submit)\.js/;
    for (const app of Object.keys(APPS) as (keyof typeof APPS)[]) {
      expect((await bundle(app, conditions)).inputs).not.toMatch(outbound);
    }
    expect((await bundled(CLIENTS, conditions)).inputs).toMatch(outbound);
  });

  it("submits and polls by createClient's client and by a wrapped one, and refuses another", async () => {
    type Make = (asked: string[]) => Receiver;
    const { code } = await bundled(CLIENTS, conditions);
    const { bare, wrapped, made } = (await import(
      `data:text/javascript,${encodeURIComponent(code)}`
    )) as Record<"bare" | "wrapped" | "made", Make>;
    for (const make of [wrapped, made]) {
      const asked: string[] = [];
      const receiver = make(asked);
      expect(await receiver.submit("model", {})).toMatchObject({ job_id: "job_1" });
      await vi.waitUntil(async () => (await receiver.tick()).polled > 0);
      expect(asked).toEqual(["job_1"]);
      await receiver.drain();
    }
    expect(() => bare([])).toThrow(
      expect.objectContaining({
        code: "invalid_options",
        message: expect.stringContaining("wrapped by jobClient({ run, getJob })"),
      }),
    );
  });

  it("imports nothing but Hono, and makes no code from text", async () => {
    for (const app of Object.keys(APPS) as (keyof typeof APPS)[]) {
      const { code, metafile } = await bundle(app, conditions);
      const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
      expect(imports.map(({ path }) => path).filter((path) => path !== "hono")).toEqual([]);
      expect(code).not.toMatch(/\beval\s*\(|\bFunction\s*\(|node:/);
    }
  });
});

it("without these conditions all of it is there", async () => {
  const { inputs } = await bundle("D1 store", []);
  for (const part of ["lru-cache", "/zod/", "node-delivery", "receiver/poller"])
    expect(inputs).toContain(part);
});
