import type { JobResult } from "../job-result.ts";

/**
 * Tells a repeat of a result from a contradiction. Equal for two deliveries that say the same:
 * it covers status, output type, each item's type and URL, and the error code. It leaves out key
 * order and a URL's query and fragment, since signed URLs rotate.
 *
 * Not a digest for security: the first result wins, whether a later one is equal or not.
 *
 * @returns the format's version, a dash and 16 hex digits, such as `"1-9e107d9d372bb682"`.
 */
export function fingerprint(result: JobResult): string {
  return `1-${hash64(JSON.stringify(canonical(result)))}`;
}

function canonical(result: JobResult): string[] {
  if (result.status === "failed") return [result.status, result.error.code];
  const parts: string[] = [result.status, result.output.type];
  for (const item of result.output.items) parts.push(item.type, withoutQuery(item.url ?? ""));
  return parts;
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

// cyrb53's two multiplicative lanes, kept whole: 64 bits, synchronous, no BigInt.
function hash64(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return hex32(a) + hex32(b);
}

const hex32 = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
