import { bodyAborted, bodyConsumed, collectBytes, requireIdentity } from "../../body.ts";
import { timer } from "../../clock.ts";
import { nextTurn } from "../../next-turn.ts";
import type { Parts } from "../parts.ts";
import type { Ack, HttpDelivery, Runtime } from "../receiver.ts";
import { handle } from "./handle.ts";

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * A Web-standard request as a delivery. `close`, once the answer is made, ends a body that was
 * begun and that nobody waits for any more.
 */
export function webDelivery(request: Request): HttpDelivery & { close(): void } {
  let reader: Reader | undefined;
  let isWhole = false;
  return {
    method: request.method,
    url: request.url,
    header: (name) => request.headers.get(name) ?? undefined,
    async body(maxBytes) {
      if (request.bodyUsed || request.body?.locked) throw bodyConsumed();
      reader = request.body?.getReader();
      requireIdentity(request.headers.get("content-encoding"));
      const bytes = reader ? await readAll(reader, maxBytes) : new Uint8Array();
      isWhole = true;
      return { bytes };
    },
    close() {
      if (reader && !isWhole) void discard(reader);
    },
  };
}

/**
 * An answer's headers for a `Response`. A copy, since some servers write to what they are given, and
 * without the length, which every server counts itself and some then send twice.
 */
export function webHeaders({ headers }: Ack): Record<string, string> {
  const copy = { ...headers };
  delete copy["content-length"];
  return copy;
}

async function readAll(reader: Reader, maxBytes: number): Promise<Uint8Array> {
  const collected = collectBytes(maxBytes);
  for (;;) {
    const { done, value } = await reader.read().catch(failAborted);
    if (done) return collected.bytes();
    collected.add(value);
  }
}

const failAborted = (cause: unknown): never => {
  throw bodyAborted(cause);
};

const MAX_DISCARDED_BYTES = 16 * 1_048_576;
/** How long nothing may come, and how long it may take in all, where 120 MB come at once. */
const MAX_SILENCE_MS = 1_000;
const MAX_DISCARD_MS = 10_000;

/**
 * Reads on and drops what comes, and cancels only what does not end soon: some hosts, h3 1 among
 * them, enqueue into a stream that was cancelled, and the error ends their process.
 */
async function discard(reader: Reader): Promise<void> {
  let leftBytes = MAX_DISCARDED_BYTES;
  const cancel = (): void => {
    leftBytes = 0;
    reader.cancel().catch(() => undefined);
  };
  const stopTimer = timer(MAX_DISCARD_MS, cancel);
  let stopSilence = timer(MAX_SILENCE_MS, cancel);
  try {
    while (leftBytes > 0) {
      const { done, value } = await reader.read();
      if (done) return;
      leftBytes -= value.byteLength;
      stopSilence();
      stopSilence = timer(MAX_SILENCE_MS, cancel);
      // A stream that is never empty would otherwise keep the timer from its turn.
      await new Promise<void>(nextTurn);
    }
    cancel();
  } catch {
    // The stream broke, and so it has ended.
  } finally {
    stopTimer();
    stopSilence();
  }
}

/** Answers a Web-standard request. Never rejects. */
export async function fetchDelivery(
  parts: Parts,
  request: Request,
  runtime?: Runtime,
): Promise<Response> {
  const delivery = webDelivery(request);
  const ack = await handle(parts, delivery, runtime);
  void ack.work?.();
  delivery.close();
  return new Response(ack.body, { status: ack.status, headers: webHeaders(ack) });
}
