// src/pages/api/abstrakt-webhook.ts
import type { APIRoute } from "./frameworks.ts"; // in an app from "astro"
import { receiver } from "./receiver.ts";

export const prerender = false;
export const POST: APIRoute = ({ request, locals }) => receiver.fetch(request, locals.cfContext);
