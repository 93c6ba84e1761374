/** Far more than a job's description takes. */
const MAX_BYTES = 1_048_576;

/** The body as text; `undefined` when it is no UTF-8 or longer than a mebibyte, the rest being left unread. */
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
