// pages/api/abstrakt-webhook.ts: Next's Pages Router passes the request and response of Node
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import type { NextApiHandler } from "./frameworks.ts"; // in an app from "next"
import { receiver } from "./receiver.ts";

export const config = { api: { bodyParser: false, externalResolver: true } };
export default abstraktWebhook(receiver) satisfies NextApiHandler;
