/** The limit for an answer. The body of a job is much smaller. */
const MAX_BYTES = 1_048_576;

/** The body as text. `undefined` if it is not UTF-8 or over 1 MiB; the rest is then not read. */
export async function readText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  let text = "";
  let left = MAX_BYTES;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    left -= value.byteLength;
    const part = left < 0 ? undefined : decode(decoder, value);
    if (part === undefined) {
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    text += part;
  }
  const end = decode(decoder);
  return end === undefined ? undefined : text + end;
}

function decode(decoder: TextDecoder, bytes?: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    return undefined;
  }
}
