import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { receiver } from "../../../receiver";

/** Seconds. Callbacks run within `after`, which ends with the route. */
export const maxDuration = 60;

export const POST = abstraktWebhook(receiver);
