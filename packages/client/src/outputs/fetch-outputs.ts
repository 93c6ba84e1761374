import type { JobSucceeded, OutputItem } from "@abstrakt-webhooks/core";
import { checkedFor, describe, invalidOptions } from "@abstrakt-webhooks/core/store";
import { realHost, type Host } from "../host.ts";
import { toContentType, toExtension } from "./media-type.ts";
import { openOutput } from "./open-output.ts";
import { createOutputBody, type OutputBody } from "./output-body.ts";
import { toOutputSettings, type FetchOutputsOptions, type OutputSettings } from "./settings.ts";

/** One file of a job, while it is downloaded. */
export interface OutputFile {
  readonly item: OutputItem;
  /** The item's position in `job.output.items`. Items without a URL count too. */
  readonly index: number;
  /** The bytes. Read them inside the loop: the next file closes this connection. */
  readonly body: ReadableStream<Uint8Array>;
  /** The media type without parameters. `application/octet-stream` if the server names none. */
  readonly contentType: string;
  /** For example `png`. It is safe in a file name. `bin` if the file is no known media file. */
  readonly extension: string;
  /** The size, if the server sends it before the body. */
  readonly bytes?: number;
}

/**
 * Downloads the files of a succeeded job, one after the other. Save them before their URLs expire.
 *
 * Each file is streamed, so a large file needs no more memory than a small one. Items without a
 * `url` are skipped. A body that you do not read is cancelled when you request the next file or
 * leave the loop. The requests have no key and no cookie. `hosts` also applies to redirects, and at
 * most five of them are followed.
 *
 * Not promised: `fetchOutputs` does not look up names, so a public name can point to a private
 * address. Use only hosts that you trust, or let your network refuse private addresses.
 *
 * @throws AbstraktWebhookError `invalid_options`, at once. While iterating, with the `index` of the
 * file: `output_refused` (its host, or a redirect's, is not allowed), `output_too_large`, or
 * `output_unavailable` after two retries. If a body breaks off, stops for `timeoutMs` or is too
 * large, reading it fails with the same codes, without a retry. When `signal` aborts, its reason is
 * thrown.
 *
 * @example
 * ```ts
 * for await (const { index, body, extension } of fetchOutputs(job, { hosts: ["cdn.example.com"] })) {
 *   await pipeline(body, createWriteStream(`outputs/${job.job_id}-${index}.${extension}`));
 * }
 * ```
 */
export const fetchOutputs = (
  job: JobSucceeded,
  options: FetchOutputsOptions,
): AsyncIterableIterator<OutputFile> =>
  checkedFor(fetchOutputs, () => fetchOutputsOn(realHost, job, options));

/** `fetchOutputs` with another clock, timer and source of randomness, for tests. */
export function fetchOutputsOn(
  host: Host,
  job: JobSucceeded,
  options: FetchOutputsOptions,
): AsyncIterableIterator<OutputFile> {
  const settings = toOutputSettings(options);
  const items: unknown = job?.output?.items;
  if (!Array.isArray(items)) {
    throw invalidOptions(
      `Expected \`job\` to be a succeeded job with \`output.items\`, got ${describe(items ?? job)}.`,
    );
  }
  return openEach(host, settings, items as readonly OutputItem[]);
}

async function* openEach(
  host: Host,
  settings: OutputSettings,
  items: readonly OutputItem[],
): AsyncGenerator<OutputFile, void, undefined> {
  for (const [index, item] of items.entries()) {
    if (item.url === undefined) continue;
    settings.signal?.throwIfAborted();
    const opened = await openOutput(host, settings, index, item.url);
    const body = createOutputBody(host, settings, index, opened);
    try {
      yield toFile(item, index, body, opened);
    } finally {
      body.close();
    }
  }
}

function toFile(
  item: OutputItem,
  index: number,
  { stream }: OutputBody,
  { response, url, bytes }: { response: Response; url: URL; bytes: number | undefined },
): OutputFile {
  const contentType = toContentType(response.headers.get("content-type"));
  const extension = toExtension(contentType, url);
  return {
    item,
    index,
    body: stream,
    contentType,
    extension,
    ...(bytes !== undefined && { bytes }),
  };
}
