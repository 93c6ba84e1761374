import type { JobSucceeded, OutputItem } from "@abstrakt-webhooks/core";
import { checkedFor, describe, invalidOptions } from "@abstrakt-webhooks/core/store";
import { realHost, type Host } from "../host.ts";
import { toContentType, toExtension } from "./media-type.ts";
import { openOutput } from "./open-output.ts";
import { createOutputBody, type OutputBody } from "./output-body.ts";
import { toOutputSettings, type FetchOutputsOptions, type OutputSettings } from "./settings.ts";

/** One file of a job, while it comes. */
export interface OutputFile {
  readonly item: OutputItem;
  /** The item's place in `job.output.items`, also where items before it have no URL. */
  readonly index: number;
  /** The bytes. Read them inside the loop: the next file closes this one's connection. */
  readonly body: ReadableStream<Uint8Array>;
  /** Without parameters; `application/octet-stream` where the server names none. */
  readonly contentType: string;
  /** Without a dot, such as `png`: safe in a file's name. `bin` for what is no known media file. */
  readonly extension: string;
  /** The size, where the server tells it beforehand. */
  readonly bytes?: number;
}

/**
 * The files of a succeeded job, one after the other, for saving them before their URLs expire.
 *
 * Each file is streamed, so its size does not matter to memory. Items without a `url` are skipped. A
 * body that is not read is cancelled when the next file is asked for, or the loop is left. No key and
 * no cookie is sent. At most five redirects are followed, each by the rules of `hosts`.
 *
 * Not promised: a public name whose DNS points at a private address is not noticed. Names are not
 * looked up, so name hosts that you trust, or let the network refuse private addresses.
 *
 * @throws AbstraktWebhookError `invalid_options`, at once. While iterating, with the `index` of the
 * file: `output_refused` (its host, or a redirect's, is not allowed), `output_too_large`, or
 * `output_unavailable` after two retries. A body that breaks off, stalls for `timeoutMs` or grows too
 * large fails with the same codes when it is read, and is not asked for again. The reason of `signal`
 * when it fires.
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

/** The same with time and chance of one's own. */
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
