import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import type { JobSucceeded } from "@abstrakt-webhooks/core";

const CHUNK = Buffer.alloc(65_536, "abstrakt");

/** A server of files in place of the provider's. */
export interface Cdn {
  readonly url: string;
  /** A job with one file at each of these paths. */
  jobOf(jobId: string, ...paths: string[]): JobSucceeded;
  close(): void;
}

/**
 * `/<bytes>.png` has that size, `/<bytes>-chunked.mp4` sends no size, `/<bytes>-cut.png` breaks
 * off.
 */
export async function serveFiles(): Promise<Cdn> {
  const server = createServer((request, response) => {
    const [, size = "0", how] = /^\/(\d+)(?:-(\w+))?/.exec(request.url ?? "") ?? [];
    const bytes = Number(size);
    response.setHeader("content-type", how === "chunked" ? "video/mp4" : "image/png");
    if (how !== "chunked") response.setHeader("content-length", bytes);
    const file = Readable.from(chunks(how === "cut" ? bytes / 2 : bytes));
    if (how === "cut") file.on("end", () => response.destroy()).pipe(response, { end: false });
    else file.pipe(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    jobOf: (jobId, ...paths) => ({
      job_id: jobId,
      status: "succeeded",
      output: {
        type: "image",
        items: paths.map((path) => ({ type: "image", url: `${url}${path}` })),
      },
    }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function* chunks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left);
}

/** A short form of the bytes of such a file. */
export function digestOf(bytes: number): string {
  const hash = createHash("sha256");
  for (const chunk of chunks(bytes)) hash.update(chunk);
  return hash.digest("hex");
}
