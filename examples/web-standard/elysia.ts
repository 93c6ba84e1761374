// new Elysia().post("/api/abstrakt-webhook", webhook, { parse: "none" }): the receiver reads the body itself
import type { ElysiaContext } from "./frameworks.ts"; // in an app, Elysia infers it
import { receiver } from "./receiver.ts";

export const webhook = ({ request }: ElysiaContext): Promise<Response> => receiver.fetch(request);
