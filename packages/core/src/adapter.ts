/**
 * What an adapter needs beside the public face: for writing one of your own.
 *
 * @module
 */

// The receiver
export { toReceiver } from "./receiver/to-receiver.ts";
export type { Ack, HttpDelivery, Receiver, Runtime } from "./receiver/receiver.ts";
export type { ReceiverOptions } from "./receiver/receiver-options.ts";

// Bodies
export { collectBytes, type ByteCollector } from "./bytes.ts";
export { bodyAborted, bodyConsumed, requireIdentity } from "./body-errors.ts";

// Node
export { nodeDelivery, type NodeRequest } from "./receiver/node-delivery.ts";
