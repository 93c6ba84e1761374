// src/routes/api/abstrakt-webhook/+server.ts
import type { RequestHandler } from "./frameworks.ts"; // in an app from "./$types"
import { receiver } from "./receiver.ts";

export const POST: RequestHandler = ({ request, platform }) =>
  receiver.fetch(request, platform?.ctx);
