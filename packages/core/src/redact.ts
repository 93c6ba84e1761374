/**
 * A URL fit for a log: credentials and fragment removed, the query replaced, since that is where
 * tokens stand. The path is kept. What is neither an http(s) URL nor a path is replaced as a whole.
 * Never throws.
 *
 * @example
 * ```ts
 * redactUrl("https://app.example.com/api/abstrakt-webhook?k=v1.secret");
 * // "https://app.example.com/api/abstrakt-webhook?[redacted]"
 * ```
 */
export function redactUrl(url: string | URL): string {
  const text = String(url);
  const isPath = /^\/(?![/\\])/.test(text);
  if (!isPath && !/^https?:/i.test(text)) return HIDDEN;
  try {
    const { origin, pathname, search } = new URL(text, "http://localhost");
    return `${isPath ? "" : origin}${pathname}${search === "" ? "" : `?${HIDDEN}`}`;
  } catch {
    return HIDDEN;
  }
}

const HIDDEN = "[redacted]";

const MAX_LENGTH = 300;
/** A scheme or a query: the word around it may hold a token. */
const URL_LIKE = /:\/\/|[?&][\w.~-]+=/;

/**
 * A foreign text fit for a log: one line, cut to 300 characters, every URL replaced, since URLs carry
 * tokens and point at paid results.
 */
export const redactText = (text: string): string =>
  text
    .slice(0, 4 * MAX_LENGTH)
    .split(/\s+/)
    .map((word) => (URL_LIKE.test(word) ? "[url]" : word))
    .join(" ")
    .slice(0, MAX_LENGTH);
