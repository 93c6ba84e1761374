import { bodyAborted, bodyConsumed, requireIdentity } from "../body-errors.ts";
import { collectBytes, encodeUtf8 } from "../bytes.ts";
import { timer } from "../clock.ts";
import type { HttpDelivery } from "./receiver.ts";

/** How long a sender may go on with a body that is answered already. */
const LINGER_MS = 1_000;

/** The part of `http.IncomingMessage`, and of Express's request, that the adapter uses. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the URL before a router cut its mount path off. */
  readonly originalUrl?: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  /** What a parser mounted earlier has left. */
  readonly body?: unknown;
  /** What some serverless hosts put beside the stream. */
  readonly rawBody?: unknown;
  readonly complete: boolean;
  readonly destroyed: boolean;
  readonly readableDidRead: boolean;
  readonly readableEnded: boolean;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

/**
 * A Node request as a delivery. Node drains a body that nobody reads; `close`, once the answer is
 * written, ends one that goes on for longer than a second after it.
 */
export function nodeDelivery(request: NodeRequest): HttpDelivery & { close(): void } {
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : value;
  };
  return {
    method: request.method ?? "",
    url: request.originalUrl ?? request.url ?? "",
    header,
    async body(maxBytes) {
      const left = whatIsLeft(request);
      if (left !== undefined) return left;
      requireIdentity(header("content-encoding"));
      return readStream(request, maxBytes);
    },
    close() {
      if (request.complete) return;
      timer(LINGER_MS, () => {
        if (!request.complete) request.destroy();
      });
    },
  };
}

type Body = { bytes: Uint8Array } | { parsed: unknown };

/** The body, where a host or a parser mounted earlier has left it. */
function whatIsLeft({
  rawBody,
  body,
  readableDidRead,
  readableEnded,
}: NodeRequest): Body | undefined {
  if (rawBody instanceof Uint8Array) return { bytes: rawBody };
  if (body instanceof Uint8Array) return { bytes: body };
  if (typeof body === "string") return { bytes: encodeUtf8(body) };
  // Express 4's parsers leave `{}` and an unread stream behind when they skip a content type.
  if (!isEmpty(body)) return { parsed: body };
  if (!readableDidRead && !readableEnded) return undefined;
  if (body === undefined) throw bodyConsumed();
  return { parsed: body };
}

const isEmpty = (body: unknown): boolean =>
  body === undefined ||
  (typeof body === "object" && body !== null && Object.keys(body).length === 0);

function readStream(request: NodeRequest, maxBytes: number): Promise<Body> {
  if (request.destroyed) throw bodyAborted();
  const collected = collectBytes(maxBytes);
  return new Promise((resolve, reject) => {
    request.on("data", (chunk) => {
      try {
        collected.add(chunk);
      } catch (tooLarge) {
        reject(tooLarge);
      }
    });
    request.on("end", () => resolve({ bytes: collected.bytes() }));
    request.on("error", (error) => reject(bodyAborted(error)));
    request.on("close", () => {
      if (!request.readableEnded) reject(bodyAborted());
    });
  });
}
