// Only the types of Workers that the recipe uses; `wrangler types` writes all of them.

declare class FixedLengthStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(bytes: number);
}

interface R2Bucket {
  put(
    key: string,
    value: ReadableStream<Uint8Array> | ArrayBuffer,
    options: { httpMetadata: { contentType: string } },
  ): Promise<unknown>;
}
