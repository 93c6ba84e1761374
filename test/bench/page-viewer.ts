import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** What a page has shown while it was open. */
export interface Viewed {
  /** How often its live part was fetched. */
  readonly fragments: number;
  /** The longest time without a new one. */
  readonly longestMs: number;
  /** How many done jobs it showed last. */
  readonly done: number;
}

/** A page that is open. */
export interface Viewer {
  close(): Viewed;
}

/** Opens a page as a browser does: its stream, and its live part whenever the stream says so. */
export async function openPage(url: string): Promise<Viewer> {
  let part = await fetchText(url);
  const stream = await ask(`${url}/stream`);
  const openedMs = performance.now();
  const shownMs: number[] = [];
  let notBeforeMs = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const refresh = async (): Promise<void> => {
    const askedMs = performance.now();
    part = await fetchText(new URL(liveUrlOf(part), url).href, { "hx-request": "true" });
    const nowMs = performance.now();
    // The page's own script waits so too.
    notBeforeMs = nowMs + 9 * (nowMs - askedMs);
    shownMs.push(nowMs);
    waiting = undefined;
  };
  stream.on("data", () => {
    waiting ??= setTimeout(() => void refresh(), notBeforeMs - performance.now());
  });
  return {
    close() {
      clearTimeout(waiting);
      stream.destroy();
      const times = [openedMs, ...shownMs, performance.now()];
      const gaps = times.slice(1).map((ms, index) => ms - (times[index] ?? 0));
      return { fragments: shownMs.length, longestMs: Math.max(...gaps), done: doneOf(part) };
    },
  };
}

const ask = (url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(url, { headers }, resolve).on("error", reject);
  });

/** @throws Error unless the answer is 200. */
export async function fetchText(url: string, headers?: Record<string, string>): Promise<string> {
  const response = await ask(url, headers);
  const body = await text(response);
  if (response.statusCode === 200) return body;
  throw new Error(`Expected 200 for ${url}, got ${response.statusCode}: ${body}`);
}

const liveUrlOf = (part: string): string =>
  (/hx-get="([^"]+)"/.exec(part)?.[1] ?? "").replaceAll("&amp;", "&");

const doneOf = (part: string): number =>
  Number(/done <span class="count">([\d,]+)</.exec(part)?.[1]?.replaceAll(",", ""));
