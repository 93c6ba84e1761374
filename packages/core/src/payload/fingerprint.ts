import type { JobResult } from "../job-result.ts";

/**
 * Tells a repeat of a result from a contradiction. Equal for two deliveries that say the same:
 * it covers status, output type, each item's type and URL, and the error code. It leaves out key
 * order and a URL's query and fragment, since signed URLs rotate.
 *
 * Not a digest for security: the first result wins, whether a later one is equal or not.
 *
 * @returns the format's version and two 31-bit hashes, such as `"1-1327217880-798667338"`.
 */
export function fingerprint(result: JobResult): string {
  const parts = canonical(result);
  return `1-${hash31(parts, 0xdeadbeef, 2654435761)}-${hash31(parts, 0x41c6ce57, 1597334677)}`;
}

function canonical(result: JobResult): string[] {
  if (result.status === "failed") return [result.status, result.error.code];
  const parts = [result.status, result.output.type];
  for (const { type, url } of result.output.items) {
    parts.push(type, url === undefined ? "" : withoutQuery(url));
  }
  return parts;
}

function withoutQuery(url: string): string {
  const hash = url.indexOf("#");
  const whole = hash === -1 ? url : url.slice(0, hash);
  const query = whole.indexOf("?");
  return query === -1 ? whole : whole.slice(0, query);
}

/** One multiplicative lane, as in cyrb53; synchronous, and fast because it keeps to integers. */
function hash31(parts: readonly string[], seed: number, multiplier: number): number {
  let hash = seed;
  for (const part of parts) {
    // The length first, so that parts cannot flow into each other.
    hash = Math.imul(hash ^ part.length, multiplier);
    for (let index = 0; index < part.length; index += 1) {
      hash = Math.imul(hash ^ part.charCodeAt(index), multiplier);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
  // 31 bits: what V8 keeps as a small integer, and writes as text at a fraction of the cost.
  return (hash ^ (hash >>> 13)) >>> 1;
}
