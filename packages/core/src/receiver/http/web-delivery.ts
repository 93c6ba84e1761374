import { bodyAborted, bodyConsumed, collectBytes, requireIdentity } from "../../body.ts";
import { timer } from "../../clock.ts";
import { nextTurn } from "../../next-turn.ts";
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

const MAX_DISCARDED_BYTES = 16 * 1_048_576;
/** `discard` ends when no chunk has come between two checks, and at its last check. */
const CHECK_MS = 1_000;
const MAX_CHECKS = 10;
/**
 * How many chunks are read in one turn. Node gets ten thousand tiny chunks at once, and each that
 * waits for a later turn costs it some 400 bytes.
 */
const CHUNKS_PER_TURN = 16_384;

/**
 * Reads the rest of a body and drops it. It cancels the stream only when the body does not end
 * soon, because some hosts, for example h3 1, enqueue into a cancelled stream, and the error ends
 * their process.
 */
async function discard(reader: Reader): Promise<void> {
  let leftBytes = MAX_DISCARDED_BYTES;
  let checksLeft = MAX_CHECKS;
  let isSilent = true;
  const cancel = (): void => {
    leftBytes = 0;
    reader.cancel().catch(() => undefined);
  };
  const check = (): void => {
    checksLeft -= 1;
    if (isSilent || checksLeft === 0) return cancel();
    isSilent = true;
    stopChecks = timer(CHECK_MS, check);
  };
  let stopChecks = timer(CHECK_MS, check);
  try {
    for (let chunks = 1; leftBytes > 0; chunks += 1) {
      const { done, value } = await reader.read();
      if (done) return;
      leftBytes -= value.byteLength;
      isSilent = false;
      // Without this turn a stream that is never empty would keep the timers from firing.
      if (chunks % CHUNKS_PER_TURN === 0) await new Promise<void>(nextTurn);
    }
    // Node may still enqueue in the turn of a read. If the stream is cancelled then, Node throws an
    // error that ends the process.
    await new Promise<void>(nextTurn);
    cancel();
  } catch {
    // An error ends the stream, so there is nothing left to discard.
  } finally {
    stopChecks();
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
