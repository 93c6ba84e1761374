/** The parts of the process that a command uses. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Keyboard;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Aborted when the user wants to end. */
  readonly interrupted: AbortSignal;
}

/** The part of `process.stdin` used here. */
export interface Keyboard extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: "data", listener: (typed: Uint8Array | string) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  off(event: "data", listener: (typed: Uint8Array | string) => void): unknown;
  off(event: "end", listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The part of `process.stdout` used here. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}
