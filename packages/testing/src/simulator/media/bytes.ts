/** Joins byte sequences. */
export function concat(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** ASCII text as bytes. */
export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** 16-bit numbers, most significant byte first. */
export const u16 = (...values: number[]): number[] =>
  values.flatMap((value) => [(value >>> 8) & 0xff, value & 0xff]);

/** 32-bit numbers, most significant byte first. */
export const u32 = (...values: number[]): number[] =>
  values.flatMap((value) => u16(value >>> 16, value & 0xffff));
