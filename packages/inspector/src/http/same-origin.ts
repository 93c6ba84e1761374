/**
 * Whether a request was sent by a page of this very origin. Browsers say so themselves by
 * `Sec-Fetch-Site`; an older one is judged by `Origin`. The scheme is not compared: behind a proxy
 * the process does not know it.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return (
    origin !== null && /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, "") === host
  );
}
