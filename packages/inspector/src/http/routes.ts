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

/** Where the page is mounted. */
export interface Mounts {
  /** The path of the front page in the browser. All links begin with it. */
  readonly basePath?: string | undefined;
  /** The part of the request's path that a router has already matched. */
  readonly mount?: string | undefined;
}

/**
 * Splits a path into the base of the page's links and the route. A proxy may have changed the path,
 * so it need not begin with `basePath`. If it begins with neither of the mounts, the base is the
 * part before the route. A path that does not end like a known route is itself the base: the front
 * page.
 */
export function toRoute(
  pathname: string,
  { basePath, mount }: Mounts,
): { base: string; route: Route } | undefined {
  // Browsers read a link that begins with two slashes as a link to another host.
  if (pathname.startsWith("//")) return undefined;
  const path = withoutSlash(pathname);
  const begins = (start: string): boolean => path === start || path.startsWith(`${start}/`);
  const starts = [basePath, mount].filter((start) => start !== undefined).filter(begins);
  const [longest] = starts.sort((a, b) => b.length - a.length);
  const [start, rest] = longest === undefined ? guess(path) : split(path, longest);
  const route = rest === "" ? FRONT : routeBelow(rest);
  return route && { base: basePath ?? start, route };
}

type Parts = readonly [start: string, rest: string];

const split = (path: string, start: string): Parts => [start, path.slice(start.length + 1)];

function guess(path: string): Parts {
  const [, start = path, rest = ""] = BELOW.exec(path) ?? [];
  return [start, rest];
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
