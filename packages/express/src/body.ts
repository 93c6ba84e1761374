import {
  bodyAborted,
  bodyConsumed,
  collectBytes,
  encodeUtf8,
  requireIdentity,
} from "@abstrakt-webhooks/core/adapter";
import type { NodeRequest } from "./node-http.ts";

type Body = { bytes: Uint8Array } | { parsed: unknown };

/** The body, from wherever a host or a parser mounted earlier has left it, else from the stream. */
export function readBody(request: NodeRequest, maxBytes: number): Promise<Body> {
  const left = whatIsLeft(request);
  return left === undefined ? readStream(request, maxBytes) : Promise.resolve(left);
}

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
  const encoding = request.headers["content-encoding"];
  requireIdentity(Array.isArray(encoding) ? encoding.join() : encoding);
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
