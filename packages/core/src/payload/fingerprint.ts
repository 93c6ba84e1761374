import type { JobResult } from "../job-result.ts";

/**
 * Tells a duplicate of a result from a conflict. It covers status, output type, each item's type
 * and URL, and the error code. It does not cover the order of keys, nor a URL's query and fragment,
 * which change when the provider signs the URL again.
 *
 * It needs no cryptographic hash, because the first result counts, and a later one changes nothing.
 *
 * @returns the format's version and 64 bits in base 64, such as `"1Kx0mPq_7aZd"`.
 */
export function fingerprint(result: JobResult): string {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  // Two multiplicative lanes, as in cyrb53, which use fast integer operations only.
  for (const part of canonical(result)) {
    // The length comes first, so that different parts never make the same input.
    one = Math.imul(one ^ part.length, 2654435761);
    two = Math.imul(two ^ part.length, 1597334677);
    for (let index = 0; index < part.length; index += 1) {
      const code = part.charCodeAt(index);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
  }
  return toText(mix(one), mix(two));
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

function mix(lane: number): number {
  const half = Math.imul(lane ^ (lane >>> 16), 2246822507);
  return half ^ (half >>> 13);
}

/** Whether two results are equal. Fingerprints of two versions count as equal. */
export const isSameResult = (a: string, b: string): boolean => a === b || a[0] !== b[0];

const VERSION = "1".charCodeAt(0);
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/** The lowest six bits as a digit. */
const digit = (bits: number): number => DIGITS.charCodeAt(bits & 63);

/** Makes a flat string. V8 keeps a concatenated one as its pieces, which need more memory. */
const toText = (one: number, two: number): string =>
  String.fromCharCode(
    VERSION,
    digit(one),
    digit(one >>> 6),
    digit(one >>> 12),
    digit(one >>> 18),
    digit(one >>> 24),
    digit(two),
    digit(two >>> 6),
    digit(two >>> 12),
    digit(two >>> 18),
    digit(two >>> 24),
    digit((one >>> 30) | ((two >>> 30) << 2)),
  );
