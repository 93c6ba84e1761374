/** A client as the store uses it. Each call sends one command, in the same turn. */
export interface Driver {
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  /** Sends any other command. Absent where that is not possible, or may use another connection. */
  command?(...words: string[]): Promise<unknown>;
  /** True when one connection to one server carries all commands of a turn, as WAIT requires. */
  readonly isOneConnection: boolean;
  /** Absent for a client without a connection. */
  readonly connection?: Connection;
}

/** The state of a client's connection. */
export interface Connection {
  state(): "ready" | "connecting" | "closed";
  /**
   * Connects where needed. Resolves when the client is ready, fails or ends, or after `timeoutMs`.
   */
  next(timeoutMs: number): Promise<{ error?: unknown }>;
  /** How often the client has connected since the first call of this: it tells two connections apart. */
  count(): number;
}
