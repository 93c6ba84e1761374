import type { Host } from "../host.ts";
import { isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import { describeFailure } from "../transport-failure.ts";
import type { OpenOutput } from "./open-output.ts";
import { outputError, tooLarge, unavailable } from "./output-error.ts";
import type { OutputSettings } from "./settings.ts";
import { SILENT, withinSilence } from "./within-silence.ts";

/** The body of a file. It counts the bytes, and fails when none arrive for `timeoutMs`. */
export interface OutputBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Closes the connection. A body that was not read to its end then fails. */
  close(): void;
}

/** Reads one chunk at a time, on demand, so that a file of any size takes little memory. */
export function createOutputBody(
  host: Host,
  settings: OutputSettings,
  index: number,
  { response, bytes, abort }: OpenOutput,
): OutputBody {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  let count = 0;
  let isOver = false;
  let fail: (error: unknown) => void = () => undefined;

  const stop = (): void => {
    isOver = true;
    reader?.cancel().catch(() => undefined);
    abort();
  };
  const next = async (): Promise<Uint8Array | undefined> => {
    const chunk = await withinSilence(host, settings, nextBytes(reader));
    if (chunk === SILENT) throw unavailable(index, `no byte for ${settings.timeoutMs} ms`);
    count += chunk?.byteLength ?? 0;
    if (count > settings.maxBytes) throw tooLarge(index, settings.maxBytes, "more");
    if (chunk === undefined && bytes !== undefined && count < bytes) {
      throw unavailable(index, `${count} of ${bytes} bytes`);
    }
    return chunk;
  };

  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = (error) => controller.error(error);
      },
      async pull(controller) {
        try {
          const chunk = await next();
          if (chunk !== undefined) return controller.enqueue(chunk);
          isOver = true;
          controller.close();
        } catch (thrown) {
          stop();
          if (isAbstraktWebhookError(thrown) || settings.signal?.aborted) throw thrown;
          const { reason } = describeFailure(thrown);
          throw unavailable(index, `an end after ${count} bytes (${reason})`);
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
  return {
    stream,
    close() {
      if (isOver) return;
      fail(unread(index));
      stop();
    },
  };
}

/** The next chunk that has a byte. `undefined` at the end. */
async function nextBytes(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
): Promise<Uint8Array | undefined> {
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) return undefined;
    if (read.value.byteLength > 0) return read.value;
  }
}

const unread = (index: number) =>
  outputError(
    "output_unavailable",
    index,
    "be read before the next one is asked for",
    "a later read",
    "Read or pipe each `body` inside the loop.",
  );
