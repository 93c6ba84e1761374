/** What came back for one request. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** One way of sending. */
export interface HttpClient {
  /** Such as `curl, chunked`. */
  readonly name: string;
  /** Names the program that this machine lacks. */
  readonly missing?: string | undefined;
  /** Posts the bodies in this order; answers in the same. */
  send(url: string, bodies: readonly string[]): Promise<Reply[]>;
}

/** Sends one after the other. */
export async function inTurn(
  bodies: readonly string[],
  send: (body: string) => Promise<Reply>,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const body of bodies) replies.push(await send(body));
  return replies;
}

/** In two, in the middle of a character of several bytes where there is one. */
export function halves(body: string): [Buffer, Buffer] {
  const bytes = Buffer.from(body);
  const inCharacter = bytes.findIndex((byte) => byte >= 0xc0) + 1;
  const at = inCharacter > 0 ? inCharacter : Math.floor(bytes.length / 2);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}
