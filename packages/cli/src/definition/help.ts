import type { CommandReference, ParameterReference } from "./reference.ts";

/** Help for all commands, or for a group of them. */
export function helpForAll(program: string, commands: readonly CommandReference[]): string {
  const rows = commands.map(({ usage, summary }) => [usage, summary] as const);
  return [
    "Build and check an app that receives Abstrakt job results.",
    section("Usage", [`${program} <command> [options]`]),
    section("Commands", toColumns(rows)),
    `Run \`${program} <command> --help\` for the options and examples of a command.`,
  ].join("\n\n");
}

/** Help for one command. */
export function helpForOne(program: string, command: CommandReference): string {
  const { usage, summary, details, examples } = command;
  return [
    summary,
    section("Usage", [`${program} ${usage} [options]`]),
    ...(details === "" ? [] : [details]),
    ...(command.arguments.length === 0 ? [] : [section("Arguments", toRows(command.arguments))]),
    section("Options", toRows(command.options)),
    section(
      "Examples",
      examples.map((example) => `${program} ${example}`),
    ),
  ].join("\n\n");
}

const section = (title: string, lines: readonly string[]): string =>
  [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");

const toRows = (parameters: readonly ParameterReference[]): string[] =>
  toColumns(parameters.map((parameter) => [toTyped(parameter), describe(parameter)] as const));

/** A parameter as it is typed: `--times <N>`. */
export const toTyped = ({ name, value }: ParameterReference): string =>
  value === undefined || !name.startsWith("--") ? name : `${name} <${value}>`;

/** What a parameter does, and its default. */
export function describe({ summary, required, repeats, env, ...rest }: ParameterReference): string {
  const facts = [
    ...(required ? ["required"] : []),
    ...(repeats ? ["may be repeated"] : []),
    ...(rest.default === undefined ? [] : [`default ${rest.default}`]),
    ...(env === undefined ? [] : [`or ${env}`]),
  ];
  return facts.length === 0 ? summary : `${summary} (${facts.join("; ")})`;
}

function toColumns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
