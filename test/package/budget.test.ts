import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { entries } from "./packages.ts";

/** Minified and gzipped: 41.6 kB measured (lru-cache and zod are 9.5 of them), and 2 % more. */
const CEILING_BYTES = 42_400;

it("the Hono adapter with the parts of core that every app needs stays small", async () => {
  const code = await bundle("abstraktWebhook, memoryStore");
  const bytes = gzipSync(code, { level: 9 }).byteLength;
  console.log(`Hono adapter, core and memory store: ${bytes} bytes, minified and gzipped`);
  expect(bytes).toBeLessThanOrEqual(CEILING_BYTES);
});

it("a bundle without signedUrl and refetch does not contain their code", async () => {
  const marks = ["timingSafeEqual", "openssl rand", "Expected GET /v1/jobs/{id}"];
  const [without, all] = [
    await bundle("abstraktWebhook"),
    await bundle("abstraktWebhook, refetch, signedUrl"),
  ];
  for (const mark of marks) {
    expect(all).toContain(mark);
    expect(without).not.toContain(mark);
  }
});

/** An app that imports only these names of the built Hono package. */
async function bundle(names: string): Promise<string> {
  const entry = entries.find(({ specifier }) => specifier === "@abstrakt-webhooks/hono");
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${names} } from ${JSON.stringify(entry?.module)};`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["hono"],
  });
  return outputFiles[0]?.text ?? "";
}
