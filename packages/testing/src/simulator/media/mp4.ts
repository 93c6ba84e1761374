import { ascii, concat, u16, u32 } from "./bytes.ts";
import { encodeFrame, FRAME_SIZE, pictureParameters, sequenceParameters } from "./h264.ts";

const FRAMES = 5;
const TICKS_PER_SECOND = 1_000;
const TICKS_PER_FRAME = 200;
const DURATION = FRAMES * TICKS_PER_FRAME;

const unityMatrix = (): number[] => u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** One second of H.264 in an MP4: a colour that gets brighter. It depends on `variant`. */
export function createMp4(variant: number): Uint8Array<ArrayBuffer> {
  const cb = 16 + (variant % 225);
  const cr = 16 + ((variant >>> 8) % 225);
  const samples = Array.from({ length: FRAMES }, (_, index) => {
    const unit = encodeFrame(index, 60 + 30 * index, cb, cr);
    return concat(u32(unit.length), unit);
  });
  const type = box("ftyp", ascii("isom"), u32(512), ascii("isomavc1mp41"));
  const mediaOffset = type.length + 8;
  return concat(
    type,
    box("mdat", ...samples),
    movie(
      mediaOffset,
      samples.map((sample) => sample.length),
    ),
  );
}

function movie(mediaOffset: number, sampleSizes: readonly number[]): Uint8Array {
  const rateAndVolume = [...u32(0x10000), ...u16(0x100, 0), ...u32(0, 0)];
  const nextTrackId = 2;
  const times = u32(0, 0, 0); // version and flags, created, modified
  return box(
    "moov",
    box(
      "mvhd",
      times,
      u32(TICKS_PER_SECOND, DURATION),
      rateAndVolume,
      unityMatrix(),
      u32(0, 0, 0, 0, 0, 0, nextTrackId),
    ),
    box(
      "trak",
      box(
        "tkhd",
        u32(3, 0, 0, 1, 0, DURATION, 0, 0, 0, 0),
        unityMatrix(),
        u16(FRAME_SIZE, 0, FRAME_SIZE, 0),
      ),
      box(
        "mdia",
        box("mdhd", times, u32(TICKS_PER_SECOND, DURATION), u16(0x55c4, 0)), // language: undetermined
        box("hdlr", u32(0, 0), ascii("vide"), u32(0, 0, 0), ascii("video\0")),
        box(
          "minf",
          box("vmhd", u32(1, 0, 0)),
          box("dinf", box("dref", u32(0, 1), box("url ", u32(1)))), // the data is in this file
          sampleTable(mediaOffset, sampleSizes),
        ),
      ),
    ),
  );
}

/** There is no sync sample table, because every frame is a key frame. */
function sampleTable(mediaOffset: number, sizes: readonly number[]): Uint8Array {
  return box(
    "stbl",
    box("stsd", u32(0, 1), sampleEntry()),
    box("stts", u32(0, 1, sizes.length, TICKS_PER_FRAME)),
    box("stsc", u32(0, 1, 1, sizes.length, 1)),
    box("stsz", u32(0, 0, sizes.length, ...sizes)),
    box("stco", u32(0, 1, mediaOffset)),
  );
}

function sampleEntry(): Uint8Array {
  const dataReference = u16(0, 0, 0, 1);
  const dpi72 = u32(0x480000, 0x480000);
  const compressorName = new Uint8Array(32);
  const sequence = sequenceParameters();
  const picture = pictureParameters();
  return box(
    "avc1",
    dataReference,
    u32(0, 0, 0, 0),
    u16(FRAME_SIZE, FRAME_SIZE),
    dpi72,
    u32(0),
    u16(1),
    compressorName,
    u16(24, 0xffff),
    box(
      "avcC",
      [1, ...sequence.subarray(1, 4), 0xff], // 4-byte lengths before each unit
      [0xe1, ...u16(sequence.length), ...sequence],
      [1, ...u16(picture.length), ...picture],
    ),
  );
}

function box(type: string, ...content: readonly ArrayLike<number>[]): Uint8Array {
  const body = concat(...content);
  return concat(u32(body.length + 8), ascii(type), body);
}
