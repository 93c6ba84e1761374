/** A client as the store uses it. Each call sends one command, in the same turn. */
export interface Driver {
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  /** Sends any other command. Absent if that is not possible, or may use another connection. */
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
   * Connects if necessary. Resolves when the client is ready, fails or ends, or after `timeoutMs`.
   */
  next(timeoutMs: number): Promise<{ error?: unknown }>;
  /** Counts connections since its first call. Two counts differ if the client has reconnected. */
  count(): number;
}
