import type { NodeRequest } from "@abstrakt-webhooks/core/adapter";

/** A Node request with the fields that show whether other code reads its stream. */
export interface ObservableRequest extends NodeRequest {
  readonly readableFlowing: boolean | null;
  readonly readableEncoding: string | null;
  listenerCount(event: string): number;
  readonly emit: unknown;
  readonly push: unknown;
}

/** The names of the symbols that @hono/node-server 2 puts on a request whose body is unread. */
const UNREAD = new Set([
  "incomingKey",
  "methodKey",
  "urlKey",
  "headersKey",
  "abortControllerKey",
  "abortReasonKey",
]);

/** The symbols with those names that were found on earlier requests. */
const known = new Set<string | symbol>();
let incomingKey: symbol | undefined;
let methodKey: symbol | undefined;

/**
 * Returns the Node request behind a request of @hono/node-server 2 whose body is unread. Returns
 * `undefined` if another server or a middleware made the request, or if the body was read.
 */
export function unreadOnNode(raw: Request): ObservableRequest | undefined {
  for (const key of Reflect.ownKeys(raw)) if (!known.has(key) && !learn(key)) return undefined;
  const kept = raw as unknown as Readonly<Record<symbol, ObservableRequest | undefined>>;
  // @hono/node-server 1 has no `methodKey`.
  if (incomingKey === undefined || methodKey === undefined || kept[methodKey] === undefined) return;
  return kept[incomingKey];
}

function learn(key: string | symbol): boolean {
  const name = typeof key === "symbol" ? key.description : undefined;
  if (typeof key !== "symbol" || name === undefined || !UNREAD.has(name)) return false;
  if (name === "incomingKey") incomingKey = key;
  if (name === "methodKey") methodKey = key;
  known.add(key);
  return true;
}

/** Whether other code reads Node's stream, or a host has stored the body on the request. */
export const isObserved = (incoming: ObservableRequest): boolean =>
  incoming.httpVersionMajor !== 1 ||
  incoming.readableFlowing !== null ||
  incoming.readableEncoding !== null ||
  incoming.readableDidRead ||
  EVENTS.some((event) => incoming.listenerCount(event) > 0) ||
  "body" in incoming ||
  "rawBody" in incoming ||
  isWrapped(incoming, Object.getPrototypeOf(incoming) as ObservableRequest);

const EVENTS = ["data", "readable", "end"];

/** Whether a monitoring tool wraps a method of this one request to read its body. */
const isWrapped = (incoming: ObservableRequest, usual: ObservableRequest): boolean =>
  incoming.on !== usual.on ||
  incoming.read !== usual.read ||
  incoming.emit !== usual.emit ||
  incoming.push !== usual.push;
