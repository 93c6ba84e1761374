// As much of the frameworks' own types as the handlers need. In an app they come from the framework.
import type { IncomingMessage, ServerResponse } from "node:http";

/** A host that keeps awake for work after the answer, as Workers do. */
interface HostContext {
  waitUntil(work: Promise<unknown>): void;
}

/** SvelteKit's, from `./$types`. `platform` is the adapter's: this is Cloudflare's. */
export type RequestHandler = (event: {
  request: Request;
  platform?: { ctx: HostContext } | undefined;
}) => Response | Promise<Response>;

/** Astro's, from `astro`. `cfContext` is there with its Cloudflare adapter. */
export type APIRoute = (context: {
  request: Request;
  locals: { cfContext?: HostContext };
}) => Response | Promise<Response>;

/** React Router's, from `react-router`; Remix has the same. */
export interface ActionFunctionArgs {
  request: Request;
}

/** Elysia's, and that of other frameworks that hand over the request in a context. */
export interface ElysiaContext {
  request: Request;
}

/** Next's, from `next`, for its Pages Router. */
export type NextApiHandler = (
  request: IncomingMessage & {
    body: unknown;
    query: Record<string, string | string[] | undefined>;
  },
  response: ServerResponse,
) => unknown;
