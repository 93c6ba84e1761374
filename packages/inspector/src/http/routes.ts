/** The page, file or action that a request names. */
export type Route =
  | { readonly kind: "front" | "stream" | "knobs" | "submit" }
  | { readonly kind: "asset"; readonly name: string }
  | { readonly kind: "job" | "redrive" | "replay"; readonly jobId: string }
  | { readonly kind: "output"; readonly jobId: string; readonly index: number };

/** Whether a request changes something. */
export const isAction = ({ kind }: Route): boolean =>
  kind === "redrive" || kind === "replay" || kind === "knobs" || kind === "submit";

const BELOW =
  /^(.*?)\/((?:jobs\/[^/]+(?:\/(?:redrive|replay|outputs\/\d{1,4}))?)|stream|knobs|submit|assets\/[\w.-]+)$/;

/**
 * Splits a path into the base, where the page is mounted, and the route below it. Without a given
 * `base`, a path that does not end like a known route is the base itself: the front page.
 */
export function toRoute(
  pathname: string,
  base: string | undefined,
): { base: string; route: Route } | undefined {
  // Browsers read a link that begins with two slashes as a link to another host.
  if (pathname.startsWith("//")) return undefined;
  const path = withoutSlash(pathname);
  if (base !== undefined) {
    if (path !== base && !path.startsWith(`${base}/`)) return undefined;
    const route = path === base ? FRONT : routeBelow(path.slice(base.length + 1));
    return route && { base, route };
  }
  const [, mount, rest] = BELOW.exec(path) ?? [];
  if (mount === undefined || rest === undefined) return { base: path, route: FRONT };
  const route = routeBelow(rest);
  return route && { base: mount, route };
}

export const withoutSlash = (path: string): string =>
  path.endsWith("/") ? path.slice(0, -1) : path;

const FRONT: Route = { kind: "front" };

function routeBelow(rest: string): Route | undefined {
  const [head, name, action, index] = rest.split("/");
  if (head === "stream" || head === "knobs" || head === "submit") {
    return name === undefined ? { kind: head } : undefined;
  }
  if (name === undefined) return undefined;
  if (head === "assets") return { kind: "asset", name };
  const jobId = decode(name);
  if (head !== "jobs" || jobId === undefined) return undefined;
  if (action === undefined) return { kind: "job", jobId };
  if (action === "redrive" || action === "replay") return { kind: action, jobId };
  const isIndex = action === "outputs" && /^\d{1,4}$/.test(index ?? "");
  return isIndex ? { kind: "output", jobId, index: Number(index) } : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
