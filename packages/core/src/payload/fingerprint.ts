import type { JobResult } from "../job-result.ts";

/**
 * Tells a repeat of a result from a contradiction. Equal for two deliveries that say the same:
 * it covers status, output type, each item's type and URL, and the error code. It leaves out key
 * order and a URL's query and fragment, since signed URLs rotate.
 *
 * Not a digest for security: the first result wins, whether a later one is equal or not.
 *
 * @returns the format's version and two 32-bit hashes in base 36, such as `"1-1pxbfql-z7jwgn"`.
 */
export function fingerprint(result: JobResult): string {
  const hash = createHash();
  hash.add(result.status);
  if (result.status === "failed") {
    hash.add(result.error.code);
  } else {
    hash.add(result.output.type);
    for (const item of result.output.items) {
      hash.add(item.type);
      hash.add(item.url === undefined ? "" : withoutQuery(item.url));
    }
  }
  return `1-${hash.text()}`;
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** cyrb53's two multiplicative lanes, kept whole: 64 bits, synchronous, no BigInt. */
function createHash(): { add(part: string): void; text(): string } {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  const mix = (value: number): void => {
    a = Math.imul(a ^ value, 2654435761);
    b = Math.imul(b ^ value, 1597334677);
  };
  return {
    add(part) {
      // The length first, so that parts cannot flow into each other.
      mix(part.length);
      for (let index = 0; index < part.length; index += 1) mix(part.charCodeAt(index));
    },
    text() {
      a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
      b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
      return `${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}`;
    },
  };
}
