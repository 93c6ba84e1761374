import { ascii, concat } from "./bytes.ts";

const SAMPLE_RATE = 8_000;
const SAMPLES = SAMPLE_RATE / 2;
const BYTES_PER_SAMPLE = 2;

/** Half a second of 16-bit mono WAV: a tone whose pitch depends on `variant`, a uint32. */
export function createWav(variant: number): Uint8Array<ArrayBuffer> {
  const hertz = 220 + (variant % 661);
  const samples = new DataView(new ArrayBuffer(SAMPLES * BYTES_PER_SAMPLE));
  for (let index = 0; index < SAMPLES; index++) {
    const wave = Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE);
    samples.setInt16(index * BYTES_PER_SAMPLE, Math.round(wave * 8_000), true);
  }
  const data = new Uint8Array(samples.buffer);
  const format = concat(
    le16(1, 1), // uncompressed, one channel
    le32(SAMPLE_RATE, SAMPLE_RATE * BYTES_PER_SAMPLE),
    le16(BYTES_PER_SAMPLE, 8 * BYTES_PER_SAMPLE),
  );
  return riff("RIFF", concat(ascii("WAVE"), riff("fmt ", format), riff("data", data)));
}

const riff = (id: string, content: Uint8Array): Uint8Array<ArrayBuffer> =>
  concat(ascii(id), le32(content.length), content);

const le16 = (...values: number[]): number[] => values.flatMap((v) => [v & 0xff, (v >>> 8) & 0xff]);

const le32 = (...values: number[]): number[] => values.flatMap((v) => le16(v, v >>> 16));
