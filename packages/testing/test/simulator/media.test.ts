import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createMp4 } from "../../src/simulator/media/mp4.ts";
import { createPng } from "../../src/simulator/media/png.ts";
import { createWav } from "../../src/simulator/media/wav.ts";

const VARIANTS = [0, 0xdeadbeef, 0xffffffff];

describe.each(VARIANTS)("variant %i", (variant) => {
  it("is a PNG with correct checksums and pixels that inflate", () => {
    const png = Buffer.from(createPng(variant));
    expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    const chunks = new Map<string, Buffer>();
    let offset = 8;
    while (offset < png.length) {
      const length = png.readUInt32BE(offset);
      const body = png.subarray(offset + 4, offset + 8 + length);
      expect(png.readUInt32BE(offset + 8 + length)).toBe(crc32(body));
      chunks.set(body.toString("latin1", 0, 4), body.subarray(4));
      offset += 12 + length;
    }
    expect([...chunks.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
    expect(inflateSync(chunks.get("IDAT") ?? "")).toHaveLength(64 * (1 + 3 * 64));
  });

  it("is a WAV with consistent lengths", () => {
    const wav = Buffer.from(createWav(variant));
    expect(wav.toString("latin1", 0, 4) + wav.toString("latin1", 8, 16)).toBe("RIFFWAVEfmt ");
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    expect(wav.readUInt32LE(24)).toBe(8_000);
    expect(wav.toString("latin1", 36, 40)).toBe("data");
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
  });

  it("is an MP4 whose chunk offset and sample sizes point to H.264 key frames", () => {
    const mp4 = Buffer.from(createMp4(variant));
    const top = boxes(mp4);
    expect([...top.keys()]).toEqual(["ftyp", "mdat", "moov"]);
    expect(top.get("ftyp")?.toString("latin1", 0, 4)).toBe("isom");
    const table = ["moov", "trak", "mdia", "minf", "stbl"].reduce<Buffer>(
      (parent, name) => boxes(parent).get(name) ?? Buffer.alloc(0),
      mp4,
    );
    const sizes = boxes(table).get("stsz") ?? Buffer.alloc(0);
    let sample = boxes(table).get("stco")?.readUInt32BE(8) ?? 0;
    expect(sizes.readUInt32BE(8)).toBe(5);
    for (let index = 0; index < 5; index++) {
      const size = sizes.readUInt32BE(12 + 4 * index);
      const unit = mp4.subarray(sample + 4, sample + size);
      expect(mp4.readUInt32BE(sample)).toBe(unit.length);
      expect((unit[0] ?? 0) & 0x1f).toBe(5); // coded slice of an IDR picture
      expect(unit.includes(Buffer.of(0, 0, 0))).toBe(false);
      sample += size;
    }
    expect(sample).toBe(mp4.indexOf("moov") - 4);
  });
});

it.each([createPng, createWav, createMp4])(
  "%o depends on the variant and on nothing else",
  (create) => {
    expect(create(1)).toEqual(create(1));
    expect(create(1)).not.toEqual(create(2));
  },
);

function boxes(parent: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let offset = 0; offset < parent.length;) {
    const size = parent.readUInt32BE(offset);
    found.set(
      parent.toString("latin1", offset + 4, offset + 8),
      parent.subarray(offset + 8, offset + size),
    );
    offset += size;
  }
  return found;
}
