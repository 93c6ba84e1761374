/** Output and exit code of a command that has ended. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs until it is interrupted. */
export interface Running {
  stdout(): string;
  stderr(): string;
  /** Interrupts it, as Control-C does. */
  interrupt(): void;
  readonly ended: Promise<Finished>;
}

/** Environment and input of a command. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: Uint8Array | string;
}

/** Runs the command line: within this process, or as the packed binary. */
export interface Cli {
  start(args: readonly string[], around?: Surroundings): Running;
}

/** Runs a command to its end. */
export const finish = (
  cli: Cli,
  args: readonly string[],
  around?: Surroundings,
): Promise<Finished> => cli.start(args, around).ended;

/** The lines of an output under `--json`. Fails on a line that is no JSON. */
export const jsonLines = <T = Record<string, unknown>>(output: string): T[] =>
  output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
