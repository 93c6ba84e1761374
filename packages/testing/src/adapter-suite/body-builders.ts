/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new TextEncoder().encode(text));

/** A stream of these pieces. After them it ends, stalls or breaks off. */
export function bodyOf(
  pieces: Iterable<Uint8Array>,
  then: "ends" | "stalls" | "breaks" = "ends",
): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      // Each piece waits for a turn of the event loop, so that it is sent separately.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const next = iterator.next();
      if (next.done !== true) return controller.enqueue(next.value);
      if (then === "ends") return controller.close();
      if (then === "breaks") return controller.error(new Error("the sender goes away"));
      return new Promise<never>(() => undefined);
    },
  });
}

/** The bytes of a text one by one. */
export function* bytewise(text: string): Iterable<Uint8Array> {
  for (const byte of utf8(text)) yield Uint8Array.of(byte);
}

/** Nested objects or arrays, closed or not. */
export const nested = (levels: number, open: string, close: string): string =>
  `{"job_id":"deep","status":"failed","x":${open.repeat(levels)}1${close.repeat(levels)}}`;
