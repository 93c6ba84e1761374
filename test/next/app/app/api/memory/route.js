import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { receiver } from "../../../memory.js";

export const POST = abstraktWebhook(receiver);
