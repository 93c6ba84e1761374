import type { NodeRequest } from "@abstrakt-webhooks/core/adapter";

/** A Node request with the fields that show whether other code reads its stream. */
export interface ObservableRequest extends NodeRequest {
  readonly readableFlowing: boolean | null;
  readonly readableEncoding: string | null;
  listenerCount(event: string): number;
}

/** The symbols that @hono/node-server 2 puts on a request whose body is unread. */
const UNREAD = new Set([
  "incomingKey",
  "methodKey",
  "urlKey",
  "headersKey",
  "abortControllerKey",
  "abortReasonKey",
]);

/** The server's symbols of those names, as its requests have shown them. */
const known = new Set<string | symbol>();
let incomingKey: symbol | undefined;
let methodKey: symbol | undefined;

/**
 * The Node request behind a request of @hono/node-server 2 whose body is unread. Undefined for every
 * other request: one of another server, one that a middleware has made, one that was read.
 */
export function unreadOnNode(raw: Request): ObservableRequest | undefined {
  for (const key of Reflect.ownKeys(raw)) if (!known.has(key) && !learn(key)) return undefined;
  const kept = raw as unknown as Readonly<Record<symbol, ObservableRequest | undefined>>;
  // Version 1 has no `methodKey`.
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

/** Whether other code reads Node's stream, or a host has put the body beside it. */
export const isObserved = (incoming: ObservableRequest): boolean =>
  incoming.httpVersionMajor !== 1 ||
  incoming.readableFlowing !== null ||
  incoming.readableEncoding !== null ||
  incoming.readableDidRead ||
  EVENTS.some((event) => incoming.listenerCount(event) > 0) ||
  OWN.some((name) => Object.hasOwn(incoming, name));

const EVENTS = ["data", "readable", "end"];

/** Fields where a host puts a body, and methods that a monitor wraps to see a body. */
const OWN = ["body", "rawBody", "on", "read", "emit", "push"];
