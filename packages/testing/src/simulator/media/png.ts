import { ascii, concat, u32 } from "./bytes.ts";

const SIZE = 64;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A PNG of 64 by 64 pixels: a gradient whose colours depend on `variant`, a uint32. */
export function createPng(variant: number): Uint8Array<ArrayBuffer> {
  const rgb8 = [8, 2, 0, 0, 0];
  return concat(
    SIGNATURE,
    chunk("IHDR", [...u32(SIZE, SIZE), ...rgb8]),
    chunk("IDAT", zlibStored(gradient(variant))),
    chunk("IEND", []),
  );
}

function gradient(variant: number): Uint8Array {
  const unfiltered = 0;
  const rows: number[] = [];
  for (let y = 0; y < SIZE; y++) {
    rows.push(unfiltered);
    for (let x = 0; x < SIZE; x++) {
      rows.push(
        (variant + 2 * x) & 0xff,
        ((variant >>> 8) + 2 * y) & 0xff,
        (variant >>> 16) & 0xff,
      );
    }
  }
  return Uint8Array.from(rows);
}

function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const body = concat(ascii(type), data);
  return concat(u32(data.length), body, u32(crc32(body)));
}

/** RFC 1950 around one stored block of RFC 1951, which holds up to 65 535 bytes uncompressed. */
function zlibStored(data: Uint8Array): Uint8Array {
  const low = data.length & 0xff;
  const high = data.length >>> 8;
  const finalStoredBlock = [1, low, high, ~low & 0xff, ~high & 0xff];
  return concat([0x78, 0x01], finalStoredBlock, data, u32(adler32(data)));
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function adler32(data: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return ((b << 16) | a) >>> 0;
}
