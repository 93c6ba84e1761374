import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Arguments {
  readonly seed?: number;
  readonly keep: boolean;
}

/** Reads the command line; answers what is wrong with it as text. */
export function readArguments(args: readonly string[]): Arguments | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { seed: { type: "string" }, keep: { type: "boolean", default: false } },
    });
    if (values.seed === undefined) return { keep: values.keep };
    if (!/^\d{1,10}$/.test(values.seed))
      return `Expected --seed to be a whole number, got ${values.seed}.`;
    return { keep: values.keep, seed: Number(values.seed) };
  } catch (error) {
    return (error as Error).message;
  }
}
