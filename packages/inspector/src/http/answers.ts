import type { JSX } from "hono/jsx/jsx-runtime";

/** The headers of every answer. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // With `no-referrer`, a browser sends a form with `Origin: null`, and over plain http with no
  // `Sec-Fetch-Site`. `isSameOrigin` would refuse it.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Scripts and styles need the nonce. Only output files may come from another host. */
const policy = (nonce: string, media: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' data:${media}`,
    `media-src 'self'${media}`,
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** An answer with a page, or with a part of one. */
export async function html(
  element: JSX.Element | Promise<JSX.Element>,
  o: { nonce: string; media: boolean; status?: number },
): Promise<Response> {
  const text = String(await element);
  return new Response(`<!doctype html>\n${text}`, {
    status: o.status ?? 200,
    headers: {
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy(o.nonce, o.media ? " http: https:" : ""),
    },
  });
}

/** An answer with one sentence. */
export const text = (status: number, sentence: string): Response =>
  new Response(`${sentence}\n`, {
    status,
    headers: {
      ...HEADERS,
      "content-type": "text/plain; charset=utf-8",
      "content-security-policy": NOTHING,
    },
  });

/** An answer with a script or a style of the page. */
export const asset = (body: string, contentType: string): Response =>
  new Response(body, {
    headers: {
      ...HEADERS,
      "cache-control": "private, max-age=300",
      "content-type": `${contentType}; charset=utf-8`,
    },
  });

export const redirect = (status: 302 | 303, location: string): Response =>
  new Response(null, { status, headers: { ...HEADERS, location } });

/** A stream of events that stays open. `null` gives its headers only. */
export const eventStream = (body: ReadableStream<Uint8Array> | null): Response =>
  new Response(body, {
    headers: {
      ...HEADERS,
      "content-type": "text/event-stream; charset=utf-8",
      // Without this header, some proxies delay the stream.
      "x-accel-buffering": "no",
    },
  });
