import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { entries } from "./packages.ts";

/** 24.8 kB measured, of which lru-cache and zod/mini are half, and 0.6 the reader for Node. */
const CEILING_BYTES = 25_000;

it("the Hono adapter with all of core stays small", async () => {
  const entry = entries.find(({ specifier }) => specifier === "@abstrakt-webhooks/hono");
  const { outputFiles } = await build({
    entryPoints: [entry?.module ?? ""],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["hono"],
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).byteLength;
  console.log(`Hono adapter, core and memory store: ${bytes} bytes, minified and gzipped`);
  expect(bytes).toBeLessThanOrEqual(CEILING_BYTES);
});
