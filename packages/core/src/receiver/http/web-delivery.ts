import { bodyAborted, bodyConsumed, collectBytes, requireIdentity } from "../../body.ts";
import type { Parts } from "../parts.ts";
import type { HttpDelivery, Runtime } from "../receiver.ts";
import { handle } from "./handle.ts";

/** A Web-standard request as a delivery. `close` ends a body that nobody waits for any more. */
function webDelivery(request: Request): HttpDelivery & { close(): void } {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return {
    method: request.method,
    url: request.url,
    header: (name) => request.headers.get(name) ?? undefined,
    async body(maxBytes) {
      if (request.bodyUsed) throw bodyConsumed();
      requireIdentity(request.headers.get("content-encoding"));
      if (request.body?.locked) throw bodyConsumed();
      reader = request.body?.getReader();
      return { bytes: reader ? await readAll(reader, maxBytes) : new Uint8Array() };
    },
    close: () => void reader?.cancel().catch(() => undefined),
  };
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
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

/** The same for a Web-standard request. Never rejects. */
export async function fetchDelivery(
  parts: Parts,
  request: Request,
  runtime?: Runtime,
): Promise<Response> {
  const delivery = webDelivery(request);
  const ack = await handle(parts, delivery, runtime);
  void ack.work?.();
  delivery.close();
  return new Response(ack.body, { status: ack.status, headers: ack.headers });
}
