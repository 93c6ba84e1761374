const EXTENSIONS: Readonly<Record<string, string>> = {
  "application/json": "json",
  "application/zip": "zip",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "audio/wave": "wav",
  "audio/webm": "weba",
  "audio/x-wav": "wav",
  "image/avif": "avif",
  "image/bmp": "bmp",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/jpg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/tiff": "tiff",
  "image/webp": "webp",
  "model/gltf-binary": "glb",
  "text/plain": "txt",
  "video/mp4": "mp4",
  "video/quicktime": "mov",
  "video/webm": "webm",
};
const KNOWN = new Set([...Object.values(EXTENSIONS), "jpeg"]);
const GENERIC = "application/octet-stream";

/** A `Content-Type` without its parameters. `application/octet-stream` if it names no type. */
export function toContentType(header: string | null): string {
  const type = (header ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(type) ? type : GENERIC;
}

/** Uses the type, or the URL's path if the type is generic. Else `bin`, for example for HTML. */
export function toExtension(contentType: string, { pathname }: URL): string {
  const byType = Object.hasOwn(EXTENSIONS, contentType) ? EXTENSIONS[contentType] : undefined;
  if (byType !== undefined) return byType;
  const byPath = /\.(\w{1,8})$/.exec(pathname)?.[1]?.toLowerCase() ?? "";
  return contentType === GENERIC && KNOWN.has(byPath) ? byPath.replace("jpeg", "jpg") : "bin";
}
