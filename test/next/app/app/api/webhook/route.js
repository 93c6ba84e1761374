import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { receiver, version } from "../../../receiver.js";

export const dynamic = "force-dynamic";

export const POST = abstraktWebhook(receiver);

export const GET = () => Response.json({ version });
