import {
  bodyAborted,
  bodyConsumed,
  nodeDelivery,
  requireIdentity,
  sharedTurn,
  webDelivery,
  type HttpDelivery,
} from "@abstrakt-webhooks/core/adapter";
import type { Context, HonoRequest } from "hono";
import { isObserved, unreadOnNode, type ObservableRequest } from "./unread-on-node.ts";

type Delivery = HttpDelivery & { close(): void };
type Body = Awaited<ReturnType<HttpDelivery["body"]>>;

/** Converts Hono's request. It uses a body that a middleware has read, limited or replaced. */
export function honoDelivery({ req, env }: Context): Delivery {
  const incoming = unreadOnNode(req.raw);
  return incoming ? unreadDelivery(req, incoming) : anyDelivery(req, env as HonoOnNode | undefined);
}

/** Converts a request of @hono/node-server 2 whose body is unread. */
function unreadDelivery(req: HonoRequest, incoming: ObservableRequest): Delivery {
  const { raw } = req;
  const { body, close } = nodeDelivery(incoming);
  return {
    method: raw.method,
    url: raw.url,
    header: (name) => raw.headers.get(name) ?? undefined,
    httpVersionMajor: incoming.httpVersionMajor ?? 1,
    body(maxBytes) {
      const byHono =
        isObserved(incoming) && isBounded(incoming.headers["content-length"], maxBytes);
      return byHono ? readWhole(req, incoming) : body(maxBytes).then((read) => keep(req, read));
    },
    close,
  };
}

/** `c.env` on @hono/node-server. */
interface HonoOnNode {
  readonly incoming?: { readonly httpVersionMajor?: number };
}

function anyDelivery(req: HonoRequest, env: HonoOnNode | undefined): Delivery {
  const delivery = webDelivery(req.raw);
  return {
    ...delivery,
    httpVersionMajor: env?.incoming?.httpVersionMajor ?? 1,
    body: (maxBytes) =>
      req.raw.bodyUsed ? readKept(req) : delivery.body(maxBytes).then((read) => keep(req, read)),
  };
}

/** The minimum memory that one chunk takes while the server collects a body. */
const BYTES_PER_CHUNK = 256;

/** Whether a body takes at most twice the limit in memory, also if it arrives byte by byte. */
const isBounded = (contentLength: unknown, maxBytes: number): boolean =>
  Number(contentLength) * BYTES_PER_CHUNK <= 2 * maxBytes;

async function readWhole(req: HonoRequest, incoming: ObservableRequest): Promise<Body> {
  requireIdentity(req.header("content-encoding"));
  const reading = req.arrayBuffer();
  // Hono now listens. `nodeDelivery` has paused a request that flowed.
  incoming.resume?.();
  const buffer = await reading.catch((cause: unknown) => {
    throw bodyAborted(cause);
  });
  // The body is whole here. To answer each request alone costs more than to read it.
  await sharedTurn();
  return { bytes: new Uint8Array(buffer) };
}

/** `c.req.bodyCache`. It contains promises, although Hono's own type declares values. */
interface Kept {
  text?: string | PromiseLike<string>;
  arrayBuffer?: ArrayBuffer | PromiseLike<ArrayBuffer>;
  /** `keep` sets this key. Hono makes all other forms of the body from it. */
  bytes?: Uint8Array | PromiseLike<Uint8Array>;
  blob?: Blob | PromiseLike<Blob>;
  json?: object | PromiseLike<object>;
}

/** Returns the body that a middleware has read. Hono before 4.9 caches JSON as a value. */
async function readKept({ bodyCache }: HonoRequest): Promise<Body> {
  const { text, arrayBuffer, blob, bytes, json } = bodyCache as Kept;
  try {
    if (bytes !== undefined) return { bytes: await bytes };
    if (text !== undefined) return { bytes: encoder.encode(await text) };
    const buffer = arrayBuffer ?? (await blob)?.arrayBuffer();
    if (buffer !== undefined) return { bytes: new Uint8Array(await buffer) };
    if (json !== undefined) return { parsed: await json };
  } catch {
    // The body also failed when the middleware read it, so there are no bytes.
  }
  throw bodyConsumed();
}

const encoder = new TextEncoder();

/** Puts the body into Hono's cache, so that `c.req.text()` works after this handler. */
function keep({ bodyCache }: HonoRequest, body: Body): Body {
  const kept = bodyCache as Kept;
  if ("bytes" in body) kept.bytes ??= Promise.resolve(body.bytes);
  return body;
}
