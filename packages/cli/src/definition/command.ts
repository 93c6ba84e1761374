import { z } from "zod";
import type { Output } from "../output.ts";
import type { Terminal } from "../terminal.ts";
import type { ValueType } from "./values.ts";

/** An argument or an option of a command. */
export interface Parameter<T = unknown> {
  readonly summary: string;
  /** Absent for a flag. */
  readonly type?: ValueType<unknown>;
  /** Checks the typed value: a text, a list of texts if it repeats, true for a flag. */
  readonly schema: z.ZodType<T>;
  readonly required: boolean;
  readonly repeats: boolean;
  /** The environment variable that is used when the option is left out. */
  readonly env?: string;
  /** The value that is used when the option is left out, as text. */
  readonly fallback?: string;
}

/** Parameters by their names; option `jobId` is typed as `--job-id`. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** The checked values of parameters. */
export type Input<P extends Parameters> = { [K in keyof P]: z.output<P[K]["schema"]> };

/** Where a command runs and writes. */
export interface Context {
  readonly terminal: Terminal;
  readonly output: Output;
}

/** One command. Parsing, help, completion and the reference all use this definition. */
export interface Command<A extends Parameters = Parameters, O extends Parameters = Parameters> {
  /** One or two words: `jobs list`. */
  readonly name: string;
  readonly summary: string;
  readonly details: string;
  /** In order. */
  readonly args: A;
  readonly options: O;
  /** Command lines without the name of the program. */
  readonly examples: readonly string[];
  /** Resolves with whether all is well. Throws errors whose message the user can act on. */
  run(input: Input<A> & Input<O>, context: Context): Promise<boolean>;
}

/** Infers the type of `run`'s input from the parameters. */
export const defineCommand = <A extends Parameters, O extends Parameters>(
  command: Command<A, O>,
): Command => command;

interface Extras {
  readonly env?: string;
}

/** A value that must be given. */
export const required = <T>(
  type: ValueType<T>,
  summary: string,
  extras: Extras = {},
): Parameter<T> => ({
  summary,
  type,
  schema: type.schema,
  required: true,
  repeats: false,
  ...extras,
});

/** A value that may be left out. */
export const optional = <T>(
  type: ValueType<T>,
  summary: string,
  extras: Extras = {},
): Parameter<T | undefined> => ({
  summary,
  type,
  schema: type.schema.optional(),
  required: false,
  repeats: false,
  ...extras,
});

/** A value that is `fallback` when left out. */
export const withDefault = <T>(
  type: ValueType<T>,
  fallback: string,
  summary: string,
): Parameter<T> => ({
  summary,
  type,
  schema: type.schema.prefault(fallback),
  required: false,
  repeats: false,
  fallback,
});

/** A value that may be given several times. */
export const repeated = <T>(type: ValueType<T>, summary: string): Parameter<T[]> => ({
  summary,
  type,
  schema: z.array(type.schema).prefault([]),
  required: false,
  repeats: true,
});

/** True when given. */
export const flag = (summary: string): Parameter<boolean> => ({
  summary,
  schema: z.boolean().prefault(false),
  required: false,
  repeats: false,
});

/** Options that every command has. */
export const everywhere = {
  json: flag("Print JSON, one line for each result, and nothing else."),
  help: flag("Show the options and examples of the command."),
};

/** An option's name as it is typed: `jobId` is `--job-id`. */
export const toFlag = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
