/** What the store needs of a client. Each call is one command, sent in the turn of the call. */
export interface Driver {
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  /** Any other command. Absent where there is none, or where it may take another connection. */
  command?(...words: string[]): Promise<unknown>;
  /** True when commands of one turn go to one server by one connection, so that WAIT counts. */
  readonly isOneConnection: boolean;
  /** Absent where there is no connection. */
  readonly connection?: Connection;
}

/** What a client says about its connection. */
export interface Connection {
  state(): "ready" | "connecting" | "closed";
  /** Resolves with the next event of the two, or after `timeoutMs`; begins to connect where needed. */
  next(timeoutMs: number): Promise<{ error?: unknown }>;
}
