// The parts of the frameworks' types that the handlers use. In an app, import the framework's own.
import type { IncomingMessage, ServerResponse } from "node:http";

/** A host that can wait for work after the answer, such as Workers. */
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

/** Elysia's, and that of other frameworks that pass the request in a context. */
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
