import type { NodeRequest } from "@abstrakt-webhooks/core/adapter";

/** A Node request, and what tells whether somebody else looks at its stream. */
export interface ObservableRequest extends NodeRequest {
  readonly readableFlowing: boolean | null;
  readonly readableEncoding: string | null;
  listenerCount(event: string): number;
}

/** What @hono/node-server 2 keeps on a request whose body nobody has looked at. */
const UNREAD = new Set([
  "incomingKey",
  "methodKey",
  "urlKey",
  "headersKey",
  "abortControllerKey",
  "abortReasonKey",
]);

/** The server's own symbols of those names, learnt from its requests. */
const known = new Set<string | symbol>();
let incomingKey: symbol | undefined;
let methodKey: symbol | undefined;

/**
 * Node's request behind one of @hono/node-server 2 whose body nobody has touched. Undefined for every
 * other request: of another server, one that a middleware has put in its place, one that was read.
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

/** Whether somebody else looks at Node's stream, or a host has left the body beside it. */
export const isObserved = (incoming: ObservableRequest): boolean =>
  incoming.httpVersionMajor !== 1 ||
  incoming.readableFlowing !== null ||
  incoming.readableEncoding !== null ||
  incoming.readableDidRead ||
  EVENTS.some((event) => incoming.listenerCount(event) > 0) ||
  OWN.some((name) => Object.hasOwn(incoming, name));

const EVENTS = ["data", "readable", "end"];

/** What a host leaves beside the stream, and what a monitor wraps to see the body pass. */
const OWN = ["body", "rawBody", "on", "read", "emit", "push"];
