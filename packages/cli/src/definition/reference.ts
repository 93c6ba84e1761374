import { everywhere, toFlag, type Command, type Parameters } from "./command.ts";

/** One command as plain data. Help, completion and the docs are made from it. */
export interface CommandReference {
  readonly name: string;
  /** The command with its arguments: `jobs show <job-id>`. */
  readonly usage: string;
  readonly summary: string;
  readonly details: string;
  readonly arguments: readonly ParameterReference[];
  readonly options: readonly ParameterReference[];
  readonly examples: readonly string[];
}

/** One argument or option as plain data. */
export interface ParameterReference {
  /** As it is typed: `--job-id`, or an argument's name. */
  readonly name: string;
  /** The kind of value; absent for a flag. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly summary: string;
  readonly required: boolean;
  readonly repeats: boolean;
  readonly default?: string;
  readonly env?: string;
}

/** Describes a command as plain data. */
export const toReference = (command: Command): CommandReference => ({
  name: command.name,
  usage: usageOf(command),
  summary: command.summary,
  details: command.details,
  arguments: toParameters(command.args, toArgument),
  options: toParameters({ ...command.options, ...everywhere }, toFlag),
  examples: command.examples,
});

/** Such as `trigger <url>`. Optional arguments stand in brackets. */
export function usageOf({ name, args }: Pick<Command, "name" | "args">): string {
  const places = Object.entries(args).map(([arg, { required }]) =>
    required ? `<${toArgument(arg)}>` : `[${toArgument(arg)}]`,
  );
  return [name, ...places].join(" ");
}

const toParameters = (
  parameters: Parameters,
  toName: (name: string) => string,
): ParameterReference[] =>
  Object.entries(parameters).map(([name, parameter]) => {
    const { type, summary, required, repeats, fallback, env } = parameter;
    return {
      name: toName(name),
      ...(type && { value: type.placeholder }),
      ...(type?.choices && { choices: type.choices }),
      summary,
      required,
      repeats,
      ...(fallback !== undefined && { default: fallback }),
      ...(env !== undefined && { env }),
    };
  });

const toArgument = (name: string): string => toFlag(name).slice("--".length);
