/** The part of `http.IncomingMessage` that the page uses, with the fields that Express adds. */
export interface NodeRequest extends AsyncIterable<Uint8Array | string> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  /** The path at which Express has mounted the handler. */
  readonly baseUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Its `encrypted` is true for https. */
  readonly socket?: object | null | undefined;
  /** The body, if a parser has read it. */
  readonly body?: unknown;
}

/** The part of `http.ServerResponse` that the page uses. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(chunk: Uint8Array): boolean;
  end(body?: Uint8Array): unknown;
  once(event: "drain" | "close", listener: () => void): unknown;
  readonly destroyed: boolean;
  readonly headersSent: boolean;
}

/** The maximum size of a form. A receiver accepts no payload of this size. */
const MAX_FORM_BYTES = 4_000_000;

/** Makes a Web request. `undefined` if its URL or body cannot be read, or its body is too large. */
export async function toWebRequest(request: NodeRequest): Promise<Request | undefined> {
  const method = request.method ?? "GET";
  const { encrypted } = (request.socket ?? {}) as { encrypted?: unknown };
  const scheme = encrypted === true ? "https" : "http";
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // In HTTP/2, names with a colon are the parts of the request line, not headers.
    if (value !== undefined && !name.startsWith(":")) headers.set(name, [value].flat().join(", "));
  }
  const host = headers.get("host") ?? [request.headers[":authority"]].flat()[0] ?? "localhost";
  const path = request.originalUrl ?? request.url ?? "/";
  try {
    const body = method === "POST" ? await readForm(request) : null;
    if (body === undefined) return undefined;
    // `URL` would take `//h/p` for a host and its path. With the dot it is a path.
    const target = path.startsWith("/") ? `/.${path}` : path;
    return new Request(new URL(target, `${scheme}://${host}`), { method, headers, body });
  } catch {
    return undefined;
  }
}

/** Returns a form as text, also if a parser has already parsed it. */
async function readForm(request: NodeRequest): Promise<string | undefined> {
  const { body } = request;
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  if (typeof body === "object" && body !== null && Object.keys(body).length > 0) {
    return new URLSearchParams(body as Record<string, string>).toString();
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of request) {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > MAX_FORM_BYTES) return undefined;
  }
  return text + decoder.decode();
}

/** Writes a page at once, and a stream of events as fast as the client reads. */
export async function writeResponse(answer: Response, response: NodeResponse): Promise<void> {
  const headers = Object.fromEntries(answer.headers);
  if (answer.body === null || !isStream(headers)) {
    const body = new Uint8Array(await answer.arrayBuffer());
    response.writeHead(answer.status, { ...headers, "content-length": `${body.length}` });
    return void response.end(body);
  }
  response.writeHead(answer.status, headers);
  const reader = answer.body.getReader();
  response.once("close", () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || response.destroyed) break;
    if (response.write(value)) continue;
    await new Promise<void>((resolve) => {
      response.once("drain", resolve);
      response.once("close", resolve);
    });
  }
  response.end();
}

const isStream = (headers: Readonly<Record<string, string>>): boolean =>
  headers["content-type"]?.startsWith("text/event-stream") === true;
