/** The scheme and the first character of a host. */
const HTTP_URL = /^https?:\/\/[^\s/?#]/i;

/**
 * Trims each item's `url`, and removes a `url` that is not http(s). It changes the items.
 *
 * @returns how many URLs it removed.
 */
export function tidyUrls(items: readonly Record<string, unknown>[]): number {
  let removed = 0;
  for (const item of items) {
    const { url } = item;
    if (typeof url === "string" && HTTP_URL.test(url) && !endsInSpace(url)) continue;
    const trimmed = typeof url === "string" ? url.trim() : "";
    if (HTTP_URL.test(trimmed)) {
      item["url"] = trimmed;
      continue;
    }
    if (url !== undefined && url !== null) removed += 1;
    delete item["url"];
  }
  return removed;
}

/** A space or a control character. Other kinds of white space are part of a URL. */
const endsInSpace = (url: string): boolean => url.charCodeAt(url.length - 1) <= 0x20;
