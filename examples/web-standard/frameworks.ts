// The parts of the frameworks' types that the handlers use. In an app, import the real types.
import type { IncomingMessage, ServerResponse } from "node:http";

/** A host that can wait for work after the answer, such as Workers. */
interface HostContext {
  waitUntil(work: Promise<unknown>): void;
}

/** From SvelteKit's `./$types`. Its adapter sets `platform`: here that of Cloudflare. */
export type RequestHandler = (event: {
  request: Request;
  platform?: { ctx: HostContext } | undefined;
}) => Response | Promise<Response>;

/** From `astro`. Astro's Cloudflare adapter sets `cfContext`. */
export type APIRoute = (context: {
  request: Request;
  locals: { cfContext?: HostContext };
}) => Response | Promise<Response>;

/** From `react-router`. Remix has the same type. */
export interface ActionFunctionArgs {
  request: Request;
}

/** The context of Elysia, and of other frameworks that pass the request in a context. */
export interface ElysiaContext {
  request: Request;
}

/** From `next`, for its Pages Router. */
export type NextApiHandler = (
  request: IncomingMessage & {
    body: unknown;
    query: Record<string, string | string[] | undefined>;
  },
  response: ServerResponse,
) => unknown;
