/** A picture of one pixel. */
export function mediaFile(): { type: string; bytes: Uint8Array } {
  const base64 =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg==";
  return { type: "image/png", bytes: Buffer.from(base64, "base64") };
}
