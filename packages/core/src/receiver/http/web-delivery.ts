import { bodyAborted, bodyConsumed, collectBytes, requireIdentity } from "../../body.ts";
import { timer } from "../../clock.ts";
import { nextTurn } from "../../next-turn.ts";
import { isWeb, wrongAdapter } from "../../wrong-adapter.ts";
import type { Parts } from "../parts.ts";
import type { Ack, HttpDelivery, Runtime } from "../receiver.ts";
import { handle } from "./handle.ts";

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Describes a Web-standard request. Call `close` after the answer: it discards the rest of a body
 * that was not read to its end.
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
 * Makes the headers of a `Response` from those of an answer. They are a copy, because some servers
 * change the object. They have no `content-length`, because every server sets it itself, and some
 * would send it twice.
 */
export function webHeaders({ headers }: Ack): Record<string, string> {
  const { "content-length": _length, ...others } = headers;
  return others;
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

/** `discard` cancels the stream at this number of bytes, or when a second passes without a chunk. */
const MAX_DISCARDED_BYTES = 16_000_000;
const CHECK_MS = 1_000;
/** Each second counts as so many bytes, so that a slow sender is cut off after ten of them. */
const CHECK_BYTES = MAX_DISCARDED_BYTES / 10;
/** Each chunk counts as so many more: a chunk of one byte costs Node 400 bytes and 3 microseconds. */
const CHUNK_BYTES = 256;
/** An empty chunk counts as so many, because no network sends one. */
const EMPTY_BYTES = 2_000;
/**
 * From `MAX_DISCARDED_BYTES` on, `discard` reads until the next turn, and at most so many bytes more.
 * In one turn Node may get 350 000 chunks of one byte, so each of them counts as few here.
 */
const LAST_BYTES = 3_500_000;
const LAST_CHUNK_BYTES = 8;

/**
 * Reads the rest of a body and drops it. It cancels the stream only when the body does not end
 * soon, because some hosts, for example h3 1, enqueue into a cancelled stream, and the error ends
 * their process.
 */
async function discard(reader: Reader): Promise<void> {
  let bytes = 0;
  let bytesAtCheck = 0;
  let chunkBytes = CHUNK_BYTES;
  const cancel = (): void => {
    reader.cancel().catch(() => undefined);
  };
  const check = (): void => {
    if (bytes === bytesAtCheck) return cancel();
    bytes += CHECK_BYTES;
    bytesAtCheck = bytes;
    stopChecks = timer(CHECK_MS, check);
  };
  let stopChecks = timer(CHECK_MS, check);
  try {
    // While a stream is never empty, the next turn does not come. Such a stream ends the loop.
    while (bytes < MAX_DISCARDED_BYTES + LAST_BYTES) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += (value.byteLength || EMPTY_BYTES) + chunkBytes;
      if (bytes < MAX_DISCARDED_BYTES || chunkBytes === LAST_CHUNK_BYTES) continue;
      chunkBytes = LAST_CHUNK_BYTES;
      // Node may still enqueue in the turn of a read. If the stream is cancelled then, Node throws an
      // error that ends the process. The loop reads on until the next turn, because each chunk that
      // waits needs memory.
      nextTurn(cancel);
    }
  } catch {
    // An error ends the stream, so there is nothing left to discard.
  } finally {
    stopChecks();
  }
}

/** Stands for another argument than a `Request`. The event of its refusal says which handler fits. */
function notWeb(got: unknown): HttpDelivery & { close(): void } {
  const fail = (): never => {
    throw wrongAdapter("a web Request", got, "`receiver.fetch`");
  };
  return {
    get method() {
      return fail();
    },
    url: "",
    header: fail,
    body: fail,
    close: () => undefined,
  };
}

/** Answers a Web-standard request. Never rejects. */
export async function fetchDelivery(
  parts: Parts,
  request: Request,
  runtime?: Runtime,
): Promise<Response> {
  const delivery = isWeb(request) ? webDelivery(request) : notWeb(request);
  const ack = await handle(parts, delivery, runtime);
  void ack.work?.();
  delivery.close();
  return new Response(ack.body, { status: ack.status, headers: webHeaders(ack) });
}
