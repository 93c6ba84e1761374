import {
  bodyAborted,
  bodyConsumed,
  bodyUnreadable,
  collectBytes,
  requireIdentity,
} from "../../body.ts";
import { timer } from "../../clock.ts";
import { encodeUtf8 } from "../../encoding.ts";
import { nextTurn } from "../../next-turn.ts";
import type { HttpDelivery } from "../receiver.ts";

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
  readonly httpVersionMajor?: number;
  readonly complete: boolean;
  readonly destroyed: boolean;
  readonly readableDidRead: boolean;
  readonly readableFlowing?: boolean | null;
  readonly readableEnded: boolean;
  /** What has come and nobody has read; null where that is nothing. A text after `setEncoding`. */
  read(size?: number): Uint8Array | string | null;
  resume?(): unknown;
  on(event: "data", listener: (chunk: Uint8Array | string) => void): unknown;
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
    get httpVersionMajor() {
      return request.httpVersionMajor ?? 1;
    },
    async body(maxBytes) {
      const left = whatIsLeft(request);
      if (left !== undefined) return left;
      const { rawHeaders = [] } = request;
      const mayBeEncoded =
        rawHeaders.length === 0 || rawValue(rawHeaders, CONTENT_ENCODING) !== undefined;
      if (mayBeEncoded) requireIdentity(header(CONTENT_ENCODING));
      // Somebody listens already, and a listener that comes a turn later would miss what came.
      if (request.readableFlowing) return readStream(request, maxBytes, null);
      // Said before that turn, or Node throws the body away where somebody else answers in it.
      request.read(0);
      // By the next turn all is here that came along with the head, mostly the whole body. To listen
      // for it would cost more than to parse it.
      await sharedTurn();
      const chunk = request.read();
      const bytes = typeof chunk === "string" ? encodeUtf8(chunk) : chunk;
      const isWhole =
        bytes !== null && String(bytes.byteLength) === rawValue(rawHeaders, CONTENT_LENGTH);
      return isWhole ? { bytes } : readStream(request, maxBytes, bytes);
    },
    close() {
      if (request.complete) return;
      timer(LINGER_MS, () => {
        if (!request.complete) request.destroy();
      });
    },
  };
}

/** The next turn, one for all who wait for it: under load that is every delivery of this one. */
const sharedTurn = (): Promise<void> =>
  (turn ??= new Promise((resolve) =>
    nextTurn(() => {
      turn = undefined;
      resolve();
    }),
  ));

let turn: Promise<void> | undefined;

/** A header as it came, which spares most deliveries the making of `headers`. */
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

/** The body, where a host or a parser mounted earlier has left it. */
function whatIsLeft(request: NodeRequest): Body | undefined {
  const { body, rawBody } = readProperties(request);
  if (rawBody instanceof Uint8Array) return { bytes: rawBody };
  if (typeof rawBody === "string") return { bytes: encodeUtf8(rawBody) };
  const unread = isEmpty(body) && !request.readableDidRead && !request.readableEnded;
  // Express 4's parsers leave `{}` and an unread stream behind when they skip a content type.
  if (unread) return undefined;
  if (body instanceof Uint8Array) return { bytes: body };
  if (typeof body === "string") return { bytes: encodeUtf8(body) };
  if (body === undefined) throw bodyConsumed();
  return { parsed: body };
}

/** Some hosts parse the body in a getter, which throws when the body is no JSON. */
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

function readStream(
  request: NodeRequest,
  maxBytes: number,
  first: Uint8Array | null,
): Promise<Body> {
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
    if (first !== null) add(first);
    // What has happened already is not told again.
    if (request.readableEnded) return end();
    if (request.destroyed) return reject(bodyAborted());
    request.on("data", add);
    request.on("end", end);
    request.on("error", (error) => reject(bodyAborted(error)));
    request.on("close", () => {
      if (!request.readableEnded) reject(bodyAborted());
    });
    // A request that somebody has paused does not flow by itself.
    request.resume?.();
  });
}
