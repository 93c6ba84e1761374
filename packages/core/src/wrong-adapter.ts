import { invalidOptions, type AbstraktWebhookError } from "./errors.ts";

/** The fields by which the first arguments of the frameworks differ. */
interface FirstArgument {
  readonly headers?: { readonly get?: unknown };
  readonly on?: unknown;
  readonly node?: FirstArgument;
  readonly raw?: FirstArgument;
  readonly req?: FirstArgument;
  readonly request?: FirstArgument;
}

/** What a handler got, and which handler fits. */
const FOUND = {
  nodeRequest: ["a Node request", "Use abstraktWebhook of @abstrakt-webhooks/express."],
  webRequest: [
    "a web Request",
    "Use abstraktWebhook of @abstrakt-webhooks/next in a Next.js route, or call receiver.fetch(request).",
  ],
  honoContext: ["a Hono context", "Use abstraktWebhook of @abstrakt-webhooks/hono."],
  wrappedNode: [
    "an object that holds a Node request",
    "Use abstraktWebhook of @abstrakt-webhooks/express, and call it with the Node request and response of that object.",
  ],
  wrappedWeb: [
    "an object that holds a web Request",
    "Call receiver.fetch with the web Request of that object.",
  ],
  unknown: ["something else", "Call receiver.fetch(request) where the framework has web Requests."],
} as const;

/**
 * The error of an adapter that another framework than its own calls. It names the package that fits.
 *
 * @param expected what the adapter's handler takes, such as `"a web Request"`.
 * @param got the first argument that its handler got.
 * @param handler names the handler in the message.
 */
export function wrongAdapter(
  expected: string,
  got: unknown,
  handler = "the handler",
): AbstraktWebhookError {
  const [found, advice] = FOUND[kindOf(got)];
  return invalidOptions(`Expected ${handler} to get ${expected}, got ${found}. ${advice}`);
}

/** Throws when a framework has called `abstraktWebhook` itself, with the request as its options. */
export function requireNoRequest(source: unknown): void {
  const kind = kindOf(source);
  if (kind === "unknown") return;
  throw invalidOptions(
    `Expected a receiver or receiver options, got ${FOUND[kind][0]}. Call \`abstraktWebhook(receiver)\`, and mount the handler that it returns.`,
  );
}

/** True for a web `Request`, of this realm or another. */
export const isWebRequest = (value: unknown): value is Request => kindOf(value) === "webRequest";

function kindOf(value: unknown): keyof typeof FOUND {
  if (typeof value !== "object" || value === null) return "unknown";
  const { node, raw, req } = value as FirstArgument;
  if (isNode(value)) return "nodeRequest";
  if (isWeb(req?.raw)) return "honoContext";
  if ([raw, raw?.req, req, node?.req].some(isNode)) return "wrappedNode";
  if (isWeb(req)) return "wrappedWeb";
  // Before `request`: that of Next's edge runtime throws when it is read.
  if (isWeb(value)) return "webRequest";
  return isWeb((value as FirstArgument).request) ? "wrappedWeb" : "unknown";
}

const isNode = (value?: FirstArgument): boolean => typeof value?.on === "function";

/** Whether a value has the headers of a web `Request`. It reads less than `isWebRequest`. */
export const isWeb = (value?: FirstArgument): boolean => typeof value?.headers?.get === "function";
