import { z } from "zod";
import type { Output } from "../output.ts";
import type { Terminal } from "../terminal.ts";
import type { ValueType } from "./values.ts";

/** An argument or an option of a command. */
export interface Parameter<T = unknown> {
  readonly summary: string;
  /** Absent for a flag. */
  readonly type?: ValueType<unknown>;
  /** Checks what was typed: text, a list of texts for one that repeats, true for a flag. */
  readonly schema: z.ZodType<T>;
  readonly required: boolean;
  readonly repeats: boolean;
  /** The variable that stands in for an option that is left out. */
  readonly env?: string;
  /** What an option is that is left out, as one would type it. */
  readonly fallback?: string;
}

/** Parameters by their names; option `jobId` is typed as `--job-id`. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** The checked values of parameters. */
export type Input<P extends Parameters> = { [K in keyof P]: z.output<P[K]["schema"]> };

/** What a command has besides its input. */
export interface Context {
  readonly terminal: Terminal;
  readonly output: Output;
}

/** One command: all that parsing, help, completion and the reference know of it. */
export interface Command<A extends Parameters = Parameters, O extends Parameters = Parameters> {
  /** One or two words: `jobs list`. */
  readonly name: string;
  readonly summary: string;
  readonly details: string;
  /** In order. */
  readonly args: A;
  readonly options: O;
  /** What one would type after the binary's name. */
  readonly examples: readonly string[];
  /** Resolves with whether the thing it checked or did is well. Throws what the user has to know. */
  run(input: Input<A> & Input<O>, context: Context): Promise<boolean>;
}

/** Infers the type of `run`'s input from the parameters. */
export const defineCommand = <A extends Parameters, O extends Parameters>(
  command: Command<A, O>,
): Command => command;

interface Extras {
  readonly env?: string;
}

/** A value that has to be given. */
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
  help: flag("Show what the command takes."),
};

/** An option's name as it is typed: `jobId` is `--job-id`. */
export const toFlag = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
