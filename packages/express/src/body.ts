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
export async function readBody(request: NodeRequest, maxBytes: number): Promise<Body> {
  const { rawBody, body } = request;
  if (rawBody instanceof Uint8Array) return { bytes: rawBody };
  if (body instanceof Uint8Array) return { bytes: body };
  if (typeof body === "string") return { bytes: encodeUtf8(body) };
  // Express 4's parsers leave `{}` and an unread stream behind when they skip a content type.
  if (!isEmpty(body)) return { parsed: body };
  if (!request.readableDidRead && !request.readableEnded) {
    return { bytes: await readStream(request, maxBytes) };
  }
  if (body === undefined) throw bodyConsumed();
  return { parsed: body };
}

const isEmpty = (body: unknown): boolean =>
  body === undefined ||
  (typeof body === "object" && body !== null && Object.keys(body).length === 0);

function readStream(request: NodeRequest, maxBytes: number): Promise<Uint8Array> {
  const encoding = request.headers["content-encoding"];
  requireIdentity(Array.isArray(encoding) ? encoding.join() : encoding);
  const collected = collectBytes(maxBytes);
  return new Promise((resolve, reject) => {
    request.on("data", (chunk) => {
      try {
        collected.add(chunk);
      } catch (tooLarge) {
        reject(tooLarge as Error);
      }
    });
    request.on("end", () => resolve(collected.bytes()));
    request.on("error", (error) => reject(bodyAborted(error)));
    request.on("close", () => {
      if (!request.readableEnded) reject(bodyAborted());
    });
  });
}
