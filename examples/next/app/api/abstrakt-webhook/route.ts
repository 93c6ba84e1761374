import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { receiver } from "../../../receiver";

export const POST = abstraktWebhook(receiver);
