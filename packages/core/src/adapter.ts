/**
 * What an adapter needs beside the public face: for writing one of your own.
 *
 * @module
 */

// Options
export {
  expected,
  requireFunction,
  requireInteger,
  requireKnown,
  requireOptions,
} from "./checks.ts";
export { checkedFor, invalidOptions } from "./errors.ts";

// The receiver
export { toReceiver } from "./receiver/create-receiver.ts";
export { isWebRequest, wrongAdapter } from "./wrong-adapter.ts";
export { shareReceiver, type Callbacks, type SharedOptions } from "./receiver/shared-receiver.ts";
export type { Ack, HttpDelivery, Receiver, Runtime } from "./receiver/receiver.ts";
export type { ReceiverOptions } from "./receiver/receiver-options.ts";

// Bodies
export {
  bodyAborted,
  bodyConsumed,
  collectBytes,
  requireIdentity,
  type ByteCollector,
} from "./body.ts";

// Host
export { webCrypto } from "./auth/web-crypto.ts";
export { sharedTurn } from "./next-turn.ts";

// Requests
export { nodeDelivery, type NodeRequest } from "./receiver/http/node-delivery.ts";
export { webDelivery, webHeaders } from "./receiver/http/web-delivery.ts";
