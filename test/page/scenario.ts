import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createReceiver, memoryStore, type Receiver } from "@abstrakt-webhooks/core";
import { inspector, type Inspector, type InspectorOptions } from "@abstrakt-webhooks/inspector";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { failedPayload, mediaOutput, succeededPayload } from "@abstrakt-webhooks/testing";
import { mediaFile } from "./media-file.ts";

/** A receiver, its page, and a server for both. */
export interface PageServer {
  readonly origin: string;
  readonly receiver: Receiver;
  readonly page: Inspector;
  /** Posts a payload over HTTP and returns the answer. */
  deliver(payload: object): Promise<Record<string, unknown>>;
  /** The number of calls of the callback for a job. */
  calls(jobId: string): number;
  /** Sets whether the callback throws for a job. */
  breakJob(jobId: string, broken: boolean): void;
  close(): Promise<void>;
}

/** Serves a page at `/webhooks` and receives results at `/hook`, on a free port. */
export async function servePage(options: Partial<InspectorOptions> = {}): Promise<PageServer> {
  const calls = new Map<string, number>();
  const broken = new Set<string>();
  const handle = ({ job_id }: { job_id: string }): void => {
    calls.set(job_id, (calls.get(job_id) ?? 0) + 1);
    if (broken.has(job_id)) throw new Error("the archive did not answer in 30 s");
  };
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    retry: { maxAttempts: 2, minDelayMs: 5 },
    onSucceeded: handle,
    onFailed: handle,
    onEvent: () => undefined,
  });
  const page = inspector(receiver, { authorize: () => true, ...options });
  const hook = abstraktWebhook(receiver);
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path.startsWith("/webhooks")) page.node(request, response);
    else if (path.startsWith("/files/")) {
      const { type, bytes } = mediaFile();
      response.writeHead(200, { "content-type": type }).end(bytes);
    } else void hook(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    receiver,
    page,
    async deliver(payload) {
      const body = JSON.stringify(payload);
      const answer = await fetch(`${origin}/hook`, { method: "POST", body });
      return (await answer.json()) as Record<string, unknown>;
    },
    calls: (jobId) => calls.get(jobId) ?? 0,
    breakJob: (jobId, isBroken) => void broken[isBroken ? "add" : "delete"](jobId),
    async close() {
      await receiver.drain();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A result with a picture; its signed URL is on the server's own origin. */
export const picture = (origin: string, jobId: string) =>
  succeededPayload({
    job_id: jobId,
    output: mediaOutput("image", `${origin}/files/${jobId}.png?signature=s3cr3t-${jobId}`),
  });

/** Jobs of every kind: done, repeated, contradicted, dead, waiting and expected. */
export async function fill({ origin, receiver, deliver, breakJob }: PageServer): Promise<void> {
  for (let index = 1; index <= 9; index++) {
    const type = (["image", "video", "audio"] as const)[index % 3] ?? "image";
    const url = `${origin}/files/${index}.png?signature=s3cr3t`;
    await deliver(
      succeededPayload({ job_id: `job_7f3a${index}c21`, output: mediaOutput(type, url) }),
    );
  }
  await deliver(failedPayload({ job_id: "job_9e01b7d4" }));
  breakJob("job_4d5e6f70", true);
  await deliver(picture(origin, "job_4d5e6f70"));
  await receiver.expect("job_0a1b2c3d", { ref: "order-118" });
  await receiver.expect("job_51c0ffee", { ref: "order-117" });
  await deliver(picture(origin, "job_51c0ffee"));
  await receiver.idle();
  await deliver(picture(origin, "job_51c0ffee"));
  await deliver(picture(origin, "job_51c0ffee"));
  await deliver(failedPayload({ job_id: "job_51c0ffee" }));
}
