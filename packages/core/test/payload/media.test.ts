import { expect, it } from "vitest";
import { isAudio, isImage, isVideo, type OutputItem } from "../../src/index.ts";

it("images, videos and audio are told apart, and other types are none of them", () => {
  const items: OutputItem[] = ["image", "video", "audio", "mesh", "Image"].map((type) => ({
    type,
  }));
  const typesOf = (is: (item: OutputItem) => boolean) => items.filter(is).map(({ type }) => type);
  expect([isImage, isVideo, isAudio].map(typesOf)).toEqual([["image"], ["video"], ["audio"]]);
});
