/** The answer to one request. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** One HTTP client, and how it sends. */
export interface HttpClient {
  /** Such as `curl, chunked`. */
  readonly name: string;
  /** The program, when it is not installed here. */
  readonly missing?: string | undefined;
  /** Posts the bodies in order. Returns the answers in the same order. */
  send(url: string, bodies: readonly string[]): Promise<Reply[]>;
}

/** Sends the bodies one after the other. */
export async function inTurn(
  bodies: readonly string[],
  send: (body: string) => Promise<Reply>,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const body of bodies) replies.push(await send(body));
  return replies;
}

/** Splits a body in two, within a multi-byte character if there is one. */
export function halves(body: string): [Buffer, Buffer] {
  const bytes = Buffer.from(body);
  const inCharacter = bytes.findIndex((byte) => byte >= 0xc0) + 1;
  const at = inCharacter > 0 ? inCharacter : Math.floor(bytes.length / 2);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}
