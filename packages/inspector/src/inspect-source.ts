import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { checkedFor, requireOptions, webCrypto } from "@abstrakt-webhooks/core/adapter";
import { assets } from "./assets/assets.ts";
import { wallClock } from "./clock.ts";
import { act } from "./http/actions.ts";
import { asset, text } from "./http/answers.ts";
import { toWebRequest, writeResponse, type NodeRequest, type NodeResponse } from "./http/node.ts";
import { answerFailure, answerFront, answerJob, answerOutput } from "./http/pages.tsx";
import { isAction, toRoute, withoutSlash, type Route } from "./http/routes.ts";
import { isSameOrigin } from "./http/same-origin.ts";
import { createStreams } from "./http/streams.ts";
import type { InspectorSource } from "./source/source.ts";
import type { PageContext } from "./views/page-context.ts";

/** Who may see the page, and which actions it offers. */
export interface InspectorOptions {
  /**
   * Called for every request, also for scripts and streams. Only `true` allows the request. The
   * page refuses it when this function throws or rejects. If people must log in, also mount your
   * own middleware.
   */
  authorize(request: Request): boolean | Promise<boolean>;
  /**
   * The path of the front page in the browser, for all links. Pass it if a proxy changes the path.
   * Default: found from the request's URL.
   */
  readonly basePath?: string | undefined;
  /** Removes and refuses all actions that change something. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Allows people to send a stored payload again, so that your callback runs. Default false. */
  readonly replay?: boolean | undefined;
  /** When the browser loads output files: after a click (default), with the page, or never. */
  readonly media?: "click" | "show" | "never" | undefined;
}

const OPTION_NAMES: readonly string[] = [
  "authorize",
  "basePath",
  "readOnly",
  "replay",
  "media",
] satisfies (keyof InspectorOptions)[];

/** A page, ready to be mounted. */
export interface Inspector {
  /** For Hono, Next and other hosts with Web requests. */
  fetch(request: Request): Promise<Response>;
  /** For Express, Connect and `http.createServer`. */
  node(request: NodeRequest, response: NodeResponse): void;
  /** Ends the open streams. They also end when the receiver drains. */
  close(): void;
}

/**
 * Makes a page that shows a source of your own. For a receiver, see `inspector`.
 *
 * @throws AbstraktWebhookError `invalid_options`; `unsupported` on a host without `crypto`.
 */
export function inspectSource(source: InspectorSource, options: InspectorOptions): Inspector {
  const settings = checkedFor(inspectSource, () => toSettings(options));
  const streams = createStreams(source);

  const answer = async (request: Request, mount: string | undefined): Promise<Response> => {
    if (!(await isAllowed(options, request))) return text(403, "Not allowed.");
    const url = new URL(request.url);
    const found = toRoute(url.pathname, { basePath: settings.basePath, mount });
    if (found === undefined) return text(404, "There is no such page.");
    const { base, route } = found;
    const nonce = webCrypto().randomUUID();
    const page: PageContext = { ...settings, base, nonce, source };
    const isPart = request.headers.get("hx-request") === "true";
    const asked = { page, route, url, isPart, nowMs: wallClock() };
    try {
      if (isAction(route)) return await answerAction(page, route, request);
      if (request.method !== "GET" && request.method !== "HEAD") return text(405, "Expected GET.");
      switch (route.kind) {
        case "front":
          return await answerFront(asked);
        case "job":
          return await answerJob(asked, route.jobId);
        case "output":
          return await answerOutput(asked, route.jobId, route.index);
        case "stream":
          return streams.open(request.method);
        case "asset":
          return answerAsset(route.name);
        default:
          return text(404, "There is no such page.");
      }
    } catch (thrown) {
      return answerFailure(asked, thrown);
    }
  };

  return {
    fetch: (request) => answer(request, undefined),
    node(request, response) {
      void answerNode(request, response, answer);
    },
    close: streams.close,
  };
}

async function answerAction(page: PageContext, route: Route, request: Request): Promise<Response> {
  if (request.method !== "POST") return text(405, "Expected POST.");
  if (!isSameOrigin(request)) {
    return text(403, "Expected the request to come from this page. Open the page and try again.");
  }
  if (page.readOnly) return text(403, "This page is read-only.");
  return act(page, route, new URLSearchParams(await request.text()));
}

function answerAsset(name: string): Response {
  const found = Object.hasOwn(assets, name) ? assets[name] : undefined;
  return found === undefined ? text(404, "There is no such file.") : asset(found.text, found.type);
}

async function answerNode(
  request: NodeRequest,
  response: NodeResponse,
  answer: (request: Request, mount: string | undefined) => Promise<Response>,
): Promise<void> {
  try {
    const webRequest = await toWebRequest(request);
    await writeResponse(
      webRequest === undefined
        ? text(400, "The request cannot be read.")
        : await answer(webRequest, request.baseUrl),
      response,
    );
  } catch {
    // The client has closed the connection, or other code has already answered.
    if (!response.headersSent) response.writeHead(500, {});
    if (!response.destroyed) response.end();
  }
}

async function isAllowed({ authorize }: InspectorOptions, request: Request): Promise<boolean> {
  try {
    // Code without types may return any value.
    const allowed: unknown = await authorize(request);
    return allowed === true;
  } catch {
    return false;
  }
}

/** A path. Browsers read two slashes or backslashes at its beginning as another host. */
const BASE_PATH = /^(\/([^/\\\s?#][^?#]*)?)?$/;

function toSettings(options: InspectorOptions) {
  // Every page needs a nonce. This throws at once on a host that cannot make one.
  webCrypto();
  requireOptions("inspector", OPTION_NAMES, options);
  const { authorize, basePath, readOnly = false, replay = false, media = "click" } = options ?? {};
  if (typeof authorize !== "function") {
    throw invalid("`authorize` to be a function that decides who may see the page", authorize);
  }
  if (!["click", "show", "never"].includes(media)) {
    throw invalid('`media` to be "click", "show" or "never"', media);
  }
  if (basePath !== undefined && !BASE_PATH.test(basePath)) {
    throw invalid('`basePath` to be a path such as "/webhooks"', basePath);
  }
  return {
    readOnly,
    canReplay: replay && !readOnly,
    media,
    basePath: basePath === undefined ? undefined : withoutSlash(basePath),
  };
}

const invalid = (expected: string, got: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "invalid_options",
    `Expected ${expected}, got ${typeof got === "string" ? JSON.stringify(got) : typeof got}.`,
  );
