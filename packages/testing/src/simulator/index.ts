/**
 * A simulated Abstrakt. Needs `hono`, and `@hono/node-server` to listen.
 *
 * @module
 */
export { createSimulator, type Simulator } from "./create-simulator.ts";
export { serveOnLoopback, type Listening } from "./listen.ts";
export type { SimulatorKnobs, SimulatorOptions } from "./options.ts";
export type { SimulatedJob } from "./job.ts";
export type { DeliveryRecord, ResendPolicy } from "./delivery.ts";
export type { DeliveryKind, ForcedPlan, JobPlan, PlannedDelivery } from "./plan.ts";
export { simulatedModels, type SimulatedModel } from "./models.ts";
