/**
 * Makes a URL safe to log. It removes credentials and fragment, replaces the query, which may
 * contain tokens, and keeps the path. It replaces the whole text when that is neither an http(s)
 * URL nor a path. Never throws.
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
 * Makes a text of another program safe to log: one line of at most `maxLength` characters. Every URL
 * is replaced, because URLs contain tokens and give access to paid results. Control characters are
 * replaced, because they can change what a terminal shows.
 */
export const redactText = (text: string, maxLength = MAX_LENGTH): string =>
  text
    .slice(0, 4 * maxLength)
    .split(/[\s\p{Cc}]+/u)
    .map((word) => (URL_LIKE.test(word) ? "[url]" : word))
    .join(" ")
    .slice(0, maxLength);
