import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveToFolder } from "../../../examples/save-outputs/save.ts";
import { digestOf, serveFiles, type Cdn } from "./cdn.ts";
import { saveToS3 } from "./to-s3.ts";

const hosts = ["127.0.0.1"];
const MB = 1_000_000;

let cdn: Cdn;
let folder: string;
beforeAll(async () => {
  cdn = await serveFiles();
  folder = await mkdtemp(join(tmpdir(), "abstrakt-webhooks-outputs-"));
});
afterAll(async () => {
  cdn.close();
  await rm(folder, { recursive: true });
});

const digestOfBytes = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

describe("the recipe for a folder", () => {
  it("saves each file, and a second run overwrites the files of the first", async () => {
    const target = join(folder, "saved");
    const first = cdn.jobOf("job/1", "/1000.png", "/2000-chunked.mp4");
    const names = ["job%2F1-0.png", "job%2F1-1.mp4"];
    expect(await saveToFolder(first, target, { hosts })).toEqual(names);
    await saveToFolder(cdn.jobOf("job/1", "/3000.png", "/4000-chunked.mp4"), target, { hosts });
    expect((await readdir(target)).sort()).toEqual(names);
    expect(digestOfBytes(await readFile(join(target, "job%2F1-0.png")))).toBe(digestOf(3_000));
    expect(digestOfBytes(await readFile(join(target, "job%2F1-1.mp4")))).toBe(digestOf(4_000));
  });

  it("leaves no part of a file that breaks off", async () => {
    const target = join(folder, "cut");
    const job = cdn.jobOf("job_2", "/1000.png", "/1000000-cut.png");
    await expect(saveToFolder(job, target, { hosts })).rejects.toMatchObject({
      code: "output_unavailable",
      index: 1,
    });
    expect(await readdir(target)).toEqual(["job_2-0.png"]);
  });

  it("saves 300 MB with a heap of 64 MB", async () => {
    const job = cdn.jobOf("job_3", "/300000000-chunked.mp4");
    const script = `${import.meta.dirname}/save-to-folder.mjs`;
    await promisify(execFile)(process.execPath, [
      "--max-old-space-size=64",
      script,
      JSON.stringify(job),
      folder,
    ]);
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(folder, "0")), hash);
    expect(hash.digest("hex")).toBe(digestOf(300 * MB));
  });
});

describe("the recipe for S3", () => {
  let server: S3rver;
  let client: S3Client;
  beforeAll(async () => {
    server = new S3rver({
      address: "127.0.0.1",
      port: 0,
      silent: true,
      directory: join(folder, "s3"),
      configureBuckets: [{ name: "my-bucket", configs: [] }],
    });
    const { port } = await server.run();
    client = new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
      // This server does not support trailing checksums.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  const keys = async (): Promise<(string | undefined)[]> => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "my-bucket" }));
    return Contents.map(({ Key }) => Key);
  };

  it("saves small files and files of several parts, and a second run overwrites the files of the first", async () => {
    const expected = ["outputs/job%2F1/0.png", "outputs/job%2F1/1.mp4"];
    const first = cdn.jobOf("job/1", "/1000.png", "/2000-chunked.mp4");
    expect(await saveToS3(first, client, "my-bucket", { hosts })).toEqual(expected);
    const second = cdn.jobOf("job/1", "/3000.png", "/12000000-chunked.mp4");
    await saveToS3(second, client, "my-bucket", { hosts });
    expect(await keys()).toEqual(expected);
    const { Body, ContentType } = await client.send(
      new GetObjectCommand({ Bucket: "my-bucket", Key: "outputs/job%2F1/1.mp4" }),
    );
    expect(ContentType).toBe("video/mp4");
    expect(digestOfBytes((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(
      digestOf(12 * MB),
    );
  });

  it("stores nothing of a file that breaks off", async () => {
    const job = cdn.jobOf("job_cut", "/20000000-cut.png");
    // The upload is aborted. The answer of this server, which cannot abort, shows the attempt.
    await expect(saveToS3(job, client, "my-bucket", { hosts })).rejects.toMatchObject({
      Method: "DELETE",
      ResourceType: "UPLOADID",
    });
    expect(await keys()).not.toContain("outputs/job_cut/0.png");
  });
});

/** The part of a bucket that the test reads; Miniflare's type needs all of Workers' types. */
interface Bucket {
  list(): Promise<{ objects: { key: string }[] }>;
  get(key: string): Promise<{
    httpMetadata?: { contentType?: string };
    arrayBuffer(): Promise<ArrayBuffer>;
  } | null>;
}

const outputsOf = async (worker: Miniflare): Promise<Bucket> =>
  (await worker.getR2Bucket("OUTPUTS")) as unknown as Bucket;

describe("the recipe for R2", () => {
  let worker: Miniflare;
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [`${import.meta.dirname}/r2-worker.ts`],
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022",
      conditions: ["@abstrakt-webhooks/source", "workerd"],
      external: ["node:*"],
    });
    worker = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? "",
      compatibilityDate: "2026-04-01",
      r2Buckets: ["OUTPUTS"],
    });
    await worker.ready;
  });
  afterAll(() => worker.dispose());

  const save = async (...job: Parameters<Cdn["jobOf"]>): Promise<unknown> => {
    const body = JSON.stringify(cdn.jobOf(...job));
    return (await worker.dispatchFetch("http://worker/", { method: "POST", body })).json();
  };

  it("saves files of known and unknown size, and a second run overwrites the files of the first", async () => {
    const expected = ["outputs/job%2F1/0.png", "outputs/job%2F1/1.mp4"];
    expect(await save("job/1", "/1000.png", "/2000-chunked.mp4")).toEqual(expected);
    await save("job/1", "/20000000.png", "/4000-chunked.mp4");
    const bucket = await outputsOf(worker);
    expect((await bucket.list()).objects.map(({ key }) => key)).toEqual(expected);
    const [large, chunked] = await Promise.all(expected.map((key) => bucket.get(key)));
    expect(large?.httpMetadata?.contentType).toBe("image/png");
    expect(digestOfBytes(new Uint8Array((await large?.arrayBuffer()) ?? []))).toBe(
      digestOf(20 * MB),
    );
    expect(digestOfBytes(new Uint8Array((await chunked?.arrayBuffer()) ?? []))).toBe(
      digestOf(4_000),
    );
  });

  it("stores nothing of a file that breaks off", async () => {
    expect(await save("job_cut", "/1000000-cut.png")).toMatchObject({
      code: "output_unavailable",
      index: 0,
    });
    const bucket = await outputsOf(worker);
    expect(await bucket.get("outputs/job_cut/0.png")).toBeNull();
  });
});
