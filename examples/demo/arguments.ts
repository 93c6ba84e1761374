import { parseArgs } from "node:util";

/** The options of the command line. */
export interface Arguments {
  readonly seed?: number;
  readonly keep: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npx -y pnpm@10 demo [--seed N] [--keep]

A simulated Abstrakt sends results to an Express app: once, twice, late, broken, or never.
The demo shows what the app does with each of them, and checks the outcome.

  --seed N  repeat the jobs of an earlier run
  --keep    keep both servers running, and print how to submit a job of your own
  --help    print this text

Exit code: 0 if every check held, 1 if not, 2 if the command line is wrong.`;

/** Reads the command line. If it is wrong, returns a text that says why. */
export function readArguments(args: readonly string[]): Arguments | string {
  // Users of npm type "--" before a script's options, and pnpm passes it on.
  const given = args[0] === "--" ? args.slice(1) : [...args];
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        seed: { type: "string" },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const { seed, keep, help } = values;
    if (seed === undefined) return { keep, help };
    if (!/^\d{1,10}$/.test(seed)) return `Expected --seed to be a whole number, got ${seed}.`;
    return { keep, help, seed: Number(seed) };
  } catch (error) {
    return (error as Error).message;
  }
}
