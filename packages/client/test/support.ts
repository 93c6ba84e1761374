import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AbstraktWebhookError, type JobClient } from "@abstrakt-webhooks/core";
import { expect, onTestFinished } from "vitest";
import { createClientOn } from "../src/create-client.ts";
import type { Host } from "../src/host.ts";
import type { ClientOptions } from "../src/settings.ts";

/** A canary in place of a key; no answer, error or log may hold it. */
export const KEY = "sk-canary-4f1d";

/** One request as the server received it. */
export interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that gives these answers in turn, and then repeats the last one. */
export async function serve(...answers: Answer[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      answers[Math.min(seen.length, answers.length) - 1]?.(response, request);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** A URL at which no server listens. */
export async function nobody(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(body));

export const accepted = json(202, { job_id: "job_1", status: "processing" });
export const processing = json(200, { job_id: "job_1", status: "processing" });

/** A client that never waits; `pauses` has the length of each wait. */
export function createTestClient(
  baseUrl: string,
  options: Partial<ClientOptions> = {},
): { client: JobClient; pauses: number[] } {
  const pauses: number[] = [];
  let nowMs = 0;
  const host: Host = {
    now: () => nowMs,
    date: () => Date.parse("2026-02-08T10:30:45Z"),
    random: () => 0.5,
    async sleep(ms) {
      nowMs += ms;
      pauses.push(ms);
    },
  };
  return { client: createClientOn(host, { apiKey: KEY, baseUrl, ...options }), pauses };
}

export const submit = (client: JobClient, signal?: AbortSignal) =>
  client.run("nano-banana-pro-edit", { input: {} }, signal && { signal });

/** The error of a call. */
export async function failureOf(call: Promise<unknown>): Promise<AbstraktWebhookError> {
  const outcome = await call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  expect(outcome).toBeInstanceOf(AbstraktWebhookError);
  return outcome as AbstraktWebhookError;
}
