import { concat } from "./bytes.ts";

/** Width and height of every frame in pixels: 4 by 4 macroblocks. */
export const FRAME_SIZE = 64;

const MACROBLOCKS_PER_SIDE = FRAME_SIZE / 16;

/** Value and width in bits. Without a width: an unsigned Exp-Golomb code (ITU-T H.264, 9.1). */
type Field = readonly [value: number, width?: number];

const TRAILING_BIT: Field = [1, 1];

/** Sequence parameter set: Baseline profile, level 1.0, no picture refers to another. */
export function sequenceParameters(): Uint8Array {
  const profileAndLevel = [66, 0xc0, 10];
  const size: Field[] = [[MACROBLOCKS_PER_SIDE - 1], [MACROBLOCKS_PER_SIDE - 1]];
  const id: Field[] = [[0], [0], [2], [0], [0, 1]]; // shown in decoding order, no reference frames
  const flags: Field[] = [
    [1, 1],
    [1, 1],
    [0, 1],
    [0, 1],
  ]; // whole frames, no cropping, no VUI
  return concat([0x67, ...profileAndLevel], bits([...id, ...size, ...flags, TRAILING_BIT]));
}

/** Picture parameter set: CAVLC, one slice group, nothing optional. */
export function pictureParameters(): Uint8Array {
  const fields: Field[] = [[0], [0], [0, 2], [0], [0], [0], [0, 3], [0], [0], [0], [0, 3]];
  return concat([0x68], bits([...fields, TRAILING_BIT]));
}

/**
 * One frame of a single colour as an IDR slice of uncompressed macroblocks (I_PCM). Samples must be
 * at least 16, the minimum of video range. With such samples no byte needs emulation prevention.
 */
export function encodeFrame(index: number, y: number, cb: number, cr: number): Uint8Array {
  const idrPictureId = index % 2; // two in a row must differ
  const sliceHeader: Field[] = [[0], [7], [0], [0, 4], [idrPictureId], [0, 2], [0]];
  const pcmMacroblock: Field = [25];
  const samples = [...filled(256, y), ...filled(64, cb), ...filled(64, cr)];
  const further = [...bits([pcmMacroblock]), ...samples];
  return concat(
    [0x65],
    bits([...sliceHeader, pcmMacroblock]),
    samples,
    ...Array.from({ length: MACROBLOCKS_PER_SIDE ** 2 - 1 }, () => further),
    [0x80],
  );
}

const filled = (length: number, value: number): number[] => Array.from({ length }, () => value);

/** Packs fields, most significant bit first, and fills the last byte with zeros. */
function bits(fields: readonly Field[]): number[] {
  const text = fields.map(toBits).join("");
  return (text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
}

function toBits([value, width]: Field): string {
  if (width !== undefined) return value.toString(2).padStart(width, "0");
  const code = (value + 1).toString(2);
  return "0".repeat(code.length - 1) + code;
}
