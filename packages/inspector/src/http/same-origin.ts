/**
 * Whether a page of the same origin sent the request. Browsers say so by `Sec-Fetch-Site`, older
 * browsers by `Origin`. The scheme is not compared, because behind a proxy the process does not
 * know it.
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
