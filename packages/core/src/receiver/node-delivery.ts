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
  /** Names and values in turn, as they came; `headers` are made of them when first looked at. */
  readonly rawHeaders?: readonly string[];
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
 *
 * Looks at the request as little as it can: Express gives every request another prototype, so that
 * on Node 20 each property of it is searched for anew, at the price of parsing half a payload.
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
    body: (maxBytes) =>
      new Promise((resolve, reject) => {
        const left = whatIsLeft(request);
        if (left !== undefined) return resolve(left);
        if (mayBeEncoded(request)) requireIdentity(header("content-encoding"));
        readStream(request, maxBytes, resolve, reject);
      }),
    close() {
      if (request.complete) return;
      timer(LINGER_MS, () => {
        if (!request.complete) request.destroy();
      });
    },
  };
}

/** Spares most deliveries the making of `headers`. */
const mayBeEncoded = ({ rawHeaders = [] }: NodeRequest): boolean =>
  rawHeaders.length === 0 ||
  rawHeaders.some(
    (text) => text.length === CONTENT_ENCODING.length && text.toLowerCase() === CONTENT_ENCODING,
  );

const CONTENT_ENCODING = "content-encoding";

type Body = { bytes: Uint8Array } | { parsed: unknown };

/** The body, where a host or a parser mounted earlier has left it. */
function whatIsLeft(request: NodeRequest): Body | undefined {
  const { body } = request;
  const unread = isEmpty(body) && !request.readableDidRead && !request.readableEnded;
  // Express 4's parsers leave `{}` and an unread stream behind when they skip a content type.
  if (unread) return undefined;
  const { rawBody } = request;
  if (rawBody instanceof Uint8Array) return { bytes: rawBody };
  if (body instanceof Uint8Array) return { bytes: body };
  if (typeof body === "string") return { bytes: encodeUtf8(body) };
  if (body === undefined) throw bodyConsumed();
  return { parsed: body };
}

const isEmpty = (body: unknown): boolean =>
  body === undefined ||
  (typeof body === "object" && body !== null && Object.keys(body).length === 0);

function readStream(
  request: NodeRequest,
  maxBytes: number,
  resolve: (body: Body) => void,
  reject: (error: unknown) => void,
): void {
  const collected = collectBytes(maxBytes);
  const on = request.on.bind(request);
  on("data", (chunk) => {
    try {
      collected.add(chunk);
    } catch (tooLarge) {
      reject(tooLarge);
    }
  });
  on("end", () => resolve({ bytes: collected.bytes() }));
  // By now all is parsed that came along with the head. What came whole cannot end early.
  void Promise.resolve().then(() => {
    if (request.complete) return;
    if (request.destroyed) return reject(bodyAborted());
    on("error", (error) => reject(bodyAborted(error)));
    on("close", () => {
      if (!request.readableEnded) reject(bodyAborted());
    });
  });
}
