import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { describe, expect, it } from "vitest";

/** The conditions of wrangler's bundles, and of Next's for its edge. */
const CONDITIONS = { Workers: ["workerd", "worker", "browser"], edge: ["edge-light"] };

/** An app as it is deployed: it contains only what it uses. Hono itself is not counted. */
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

/** Bytes, minified and gzipped: the measured size and less than 1 % more. */
const CEILINGS = { "D1 store": 36_200, "memory store": 41_400 };

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

  it("contains no memory store unless the app imports it", async () => {
    const [d1, memory] = [
      await bundle("D1 store", conditions),
      await bundle("memory store", conditions),
    ];
    expect(memory.inputs).toContain("lru-cache");
    expect(d1.inputs).not.toContain("lru-cache");
    expect(d1.inputs).not.toContain("store/memory");
  });

  it("contains SQLite's dialect for D1, and nothing else of the SQLite store", async () => {
    const { code, inputs } = await bundle("D1 store", conditions);
    const ofSqlite = inputs.split("\n").filter((path) => path.includes("store-sqlite/"));
    expect(ofSqlite.length).toBeGreaterThan(0);
    expect(ofSqlite.filter((path) => !path.includes("/dist/dialect/"))).toEqual([]);
    expect(code).not.toMatch(/\bimport\s*\(/);
  });

  it("imports nothing but Hono, and evaluates no text as code", async () => {
    for (const app of Object.keys(APPS) as (keyof typeof APPS)[]) {
      const { code, metafile } = await bundle(app, conditions);
      const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
      expect(imports.map(({ path }) => path).filter((path) => path !== "hono")).toEqual([]);
      expect(code).not.toMatch(/\beval\s*\(|\bFunction\s*\(/);
    }
  });
});

it("for other conditions contains the default store", async () => {
  expect((await bundle("D1 store", [])).inputs).toContain("lru-cache");
});
