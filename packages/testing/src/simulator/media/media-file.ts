import type { MediaType } from "../../payloads.ts";
import { createMp4 } from "./mp4.ts";
import { createPng } from "./png.ts";
import { createWav } from "./wav.ts";

/** File extension, content type and maker of one media type. */
export interface MediaFile {
  readonly extension: string;
  readonly contentType: string;
  create(variant: number): Uint8Array<ArrayBuffer>;
}

/** The file format of each media type. */
export const mediaFiles: Readonly<Record<MediaType, MediaFile>> = {
  image: { extension: "png", contentType: "image/png", create: createPng },
  video: { extension: "mp4", contentType: "video/mp4", create: createMp4 },
  audio: { extension: "wav", contentType: "audio/wav", create: createWav },
};
