import {
  bodyAborted,
  bodyConsumed,
  bodyUnreadable,
  collectBytes,
  requireIdentity,
} from "../../body.ts";
import { timer } from "../../clock.ts";
import { encodeUtf8 } from "../../encoding.ts";
import { sharedTurn } from "../../next-turn.ts";
import type { HttpDelivery } from "../receiver.ts";

/** How long a sender may continue to send the body after the answer. */
const LINGER_MS = 1_000;

/** The part of `http.IncomingMessage`, and of Express's request, that the adapter uses. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the URL before a router cut its mount path off. */
  readonly originalUrl?: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  /** Names and values in turn, as they arrived. Node builds `headers` when they are first read. */
  readonly rawHeaders?: readonly string[];
  /** The body that a parser before the receiver has read. */
  readonly body?: unknown;
  /** The whole body, which some serverless hosts provide. */
  readonly rawBody?: unknown;
  readonly httpVersionMajor?: number;
  readonly complete: boolean;
  readonly destroyed: boolean;
  readonly readableDidRead: boolean;
  readonly readableFlowing?: boolean | null;
  readonly readableEnded: boolean;
  /** The bytes in the buffer, or null when it is empty. After `setEncoding`, a string. */
  read(size?: number): Uint8Array | string | null;
  resume?(): unknown;
  pause?(): unknown;
  /** HTTP/2: the stream of the request, which `destroy` of the request leaves open. */
  readonly stream?: { close?(): unknown } | undefined;
  on(event: "data", listener: (chunk: Uint8Array | string) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

/**
 * Describes a Node request. Node discards a body that no code reads. Call `close` after the answer:
 * it ends a body that continues for more than a second.
 *
 * It reads few properties of the request. Express changes the prototype of every request, so on
 * Node 20 each property look-up is slow.
 */
export function nodeDelivery(request: NodeRequest): HttpDelivery & { close(): void } {
  let isWhole = false;
  // Other code listens. What arrives while `auth` decides must not pass by unread.
  const isPaused = request.readableFlowing === true;
  if (isPaused) request.pause?.();
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : value;
  };
  return {
    method: request.method ?? "",
    url: request.originalUrl ?? request.url ?? "",
    header,
    // A getter would cost as much as parsing a body, because V8 creates it for every object.
    httpVersionMajor: request.httpVersionMajor ?? 1,
    async body(maxBytes) {
      const given = givenBody(request);
      if (given !== undefined) return given;
      const { rawHeaders = [] } = request;
      const mayBeEncoded =
        rawHeaders.length === 0 || rawValue(rawHeaders, CONTENT_ENCODING) !== undefined;
      if (mayBeEncoded) requireIdentity(header(CONTENT_ENCODING));
      const length = Number(rawValue(rawHeaders, CONTENT_LENGTH));
      // A flowing stream loses chunks until the next turn. A body of unknown length may arrive in
      // tiny chunks, and each chunk that waits for a turn costs the host about 400 bytes.
      if (isPaused || request.readableFlowing || !(length <= maxBytes)) {
        const isRead = request.readableDidRead || request.readableEnded;
        return isRead ? consumedBody(request) : readStream(request, maxBytes);
      }
      // Without this read, Node discards the body when other code answers in this turn.
      request.read(0);
      // In the next turn, the buffer holds most bodies as a whole. Adding listeners would cost more
      // than parsing the body.
      await sharedTurn();
      // Asking for one byte more returns nothing until the body is whole, and lets the stream end.
      const bytes = toBytes(request.read(length + 1));
      isWhole = bytes?.byteLength === length;
      if (bytes && isWhole) return { bytes };
      // Other code has read all or part of the stream.
      if (bytes || request.readableDidRead) return consumedBody(request);
      return readStream(request, maxBytes);
    },
    close() {
      if (isWhole) return;
      if (isPaused) request.resume?.();
      if (request.complete) return;
      timer(LINGER_MS, () => {
        if (request.complete) return;
        request.destroy();
        request.stream?.close?.();
      });
    },
  };
}

/** Reads a raw header, so that Node need not build `headers` for most requests. */
function rawValue(rawHeaders: readonly string[], name: string): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const text = rawHeaders[index];
    if (text?.length === name.length && text.toLowerCase() === name) return rawHeaders[index + 1];
  }
  return undefined;
}

const CONTENT_ENCODING = "content-encoding";
const CONTENT_LENGTH = "content-length";

type Body = { bytes: Uint8Array } | { parsed: unknown };

/** The body that the host or an earlier parser has read, or `undefined` when it may be unread. */
function givenBody(request: NodeRequest): Body | undefined {
  const { body, rawBody } = readProperties(request);
  const raw = toBytes(rawBody);
  // A middleware that collects `rawBody` itself begins with an empty text.
  const bytes = raw?.byteLength ? raw : toBytes(body);
  if (bytes) return { bytes };
  // Express 4's parsers leave `{}` and an unread stream behind when they skip a content type.
  return isEmpty(body) ? undefined : { parsed: body };
}

/** What an earlier parser made of a stream that is read. Throws when no parser left a body. */
function consumedBody({ body }: NodeRequest): Body {
  if (body === undefined) throw bodyConsumed();
  return { parsed: body };
}

function toBytes(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return encodeUtf8(value);
  return value instanceof Uint8Array ? value : undefined;
}

/** Some hosts parse the body in a getter, which throws when the body is not JSON. */
function readProperties(request: NodeRequest): Pick<NodeRequest, "body" | "rawBody"> {
  try {
    const { rawBody, body } = request;
    return { rawBody, body };
  } catch (thrown) {
    throw bodyUnreadable(thrown);
  }
}

const isEmpty = (body: unknown): boolean =>
  body === undefined ||
  (typeof body === "object" && body !== null && Object.keys(body).length === 0);

function readStream(request: NodeRequest, maxBytes: number): Promise<Body> {
  return new Promise((resolve, reject) => {
    const collected = collectBytes(maxBytes);
    let isRefused = false;
    const add = (chunk: Uint8Array | string): void => {
      if (isRefused) return;
      try {
        collected.add(typeof chunk === "string" ? encodeUtf8(chunk) : chunk);
      } catch (tooLarge) {
        isRefused = true;
        reject(tooLarge);
      }
    };
    const end = (): void => resolve({ bytes: collected.bytes() });
    // A stream does not repeat events, so check what has already happened.
    if (request.readableEnded) return end();
    if (request.destroyed) return reject(bodyAborted());
    request.on("data", add);
    request.on("end", end);
    request.on("error", (error) => reject(bodyAborted(error)));
    request.on("close", () => {
      if (!request.readableEnded) reject(bodyAborted());
    });
    // A stream that other code has paused needs `resume` to flow again.
    request.resume?.();
  });
}
