/**
 * A page that shows job results as they arrive.
 *
 * @module
 */

// Mounting
export { inspector } from "./inspector.ts";
export type { Inspector, InspectorOptions } from "./inspect-source.ts";
export type { NodeRequest, NodeResponse } from "./http/node.ts";

// Your own sources
export { inspectSource } from "./inspect-source.ts";
export { createRing, type Ring } from "./source/ring.ts";
export type {
  Counts,
  InspectorSource,
  JobPage,
  Knob,
  ListQuery,
  PageEvent,
  SeenEvent,
} from "./source/source.ts";
