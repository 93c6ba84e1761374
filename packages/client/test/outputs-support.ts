import { succeededPayload } from "@abstrakt-webhooks/testing";
import type { AbstraktWebhookError, JobSucceeded } from "@abstrakt-webhooks/core";
import { expect } from "vitest";
import { fetchOutputsOn, type OutputFile } from "../src/outputs/fetch-outputs.ts";
import type { FetchOutputsOptions } from "../src/outputs/settings.ts";
import { realHost, type Host } from "../src/host.ts";
import { failureOf } from "./support.ts";

/** A job with a file at each of these URLs; `undefined` stands for an item without one. */
export const jobOf = (...urls: (string | undefined)[]): JobSucceeded => ({
  ...succeededPayload(),
  output: {
    type: "image",
    items: urls.map((url) => ({ type: "image", ...(url !== undefined && { url }) })),
  },
});

/** A `fetch` that answers by the URL's host and path, and records the requests. */
export function fakeFetch(answers: Record<string, () => Response>): {
  fetch: NonNullable<FetchOutputsOptions["fetch"]>;
  asked: string[];
  headers: Record<string, string>[];
} {
  const asked: string[] = [];
  const headers: Record<string, string>[] = [];
  return {
    asked,
    headers,
    async fetch(url, init) {
      asked.push(url);
      headers.push(init.headers);
      const { host, pathname } = new URL(url);
      return (answers[host + pathname] ?? answers[host] ?? (() => new Response("file")))();
    },
  };
}

export const redirect =
  (location: string, status = 302) =>
  (): Response =>
    new Response(null, { status, headers: { location } });

export interface Saved {
  readonly index: number;
  readonly text: string;
  readonly file: OutputFile;
}

/** Waits without time passing, and records the length of each wait in `pauses`. */
export function hostWithoutPauses(): Host & { pauses: number[] } {
  const pauses: number[] = [];
  return {
    ...realHost,
    pauses,
    random: () => 1,
    async sleep(ms) {
      pauses.push(ms);
    },
  };
}

/** Reads every file. */
export async function saveAll(
  job: JobSucceeded,
  options: FetchOutputsOptions,
  host: Host = hostWithoutPauses(),
): Promise<Saved[]> {
  const saved: Saved[] = [];
  for await (const file of fetchOutputsOn(host, job, options)) {
    saved.push({ index: file.index, text: await new Response(file.body).text(), file });
  }
  return saved;
}

/** The error of reading every file. Its text must hold no URL and no token. */
export async function outputFailure(
  job: JobSucceeded,
  options: FetchOutputsOptions,
  host?: Host,
): Promise<AbstraktWebhookError> {
  const error = await failureOf(saveAll(job, options, host));
  expect(JSON.stringify(error) + String(error.stack)).not.toMatch(/t0ken|secret-path/);
  return error;
}
