import type { NextApiHandler } from "next";
import type { NextRequest } from "next/server.js";
import { abstraktWebhook as onNode } from "@abstrakt-webhooks/express";
import { abstraktWebhook, createReceiver, type RouteHandler } from "@abstrakt-webhooks/next";

const receiver = createReceiver({ auth: "none" });
export const POST: RouteHandler = abstraktWebhook(receiver);

/** The types that Next generates for a route check its handlers like this. */
type Generated = (
  request: NextRequest,
  context: { params: Promise<Record<string, string>> },
) => Response | Promise<Response>;
POST satisfies Generated;

// The Pages Router passes Node's own request and answer.
onNode(receiver) satisfies NextApiHandler;
