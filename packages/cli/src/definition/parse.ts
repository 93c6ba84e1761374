import { redactUrl } from "@abstrakt-webhooks/core";
import { cac } from "cac";
import { z } from "zod";
import { wrongUse } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { everywhere, toFlag, type Command, type Parameter, type Parameters } from "./command.ts";
import { BINARY, PROGRAM } from "./program.ts";
import { usageOf } from "./reference.ts";
import { nearest } from "./suggest.ts";
import { hideValues } from "./typed-values.ts";

/** What a command line asks for. */
export type Request = { readonly json: boolean } & (
  | { readonly kind: "version" }
  /** Help for these commands, or in detail for one. */
  | { readonly kind: "help"; readonly commands: readonly Command[] }
  | { readonly kind: "run"; readonly command: Command; readonly input: Record<string, unknown> }
);

const HELP = ["--help", "-h", "help"];

/** A text, true for a name without a value, or several of these. */
type Typed = string | true | (string | true)[];

/**
 * Finds the command and checks what was typed for it.
 *
 * @param argv the arguments after the name of the program.
 * @throws AbstraktWebhookError `invalid_options`, in one line.
 */
export function parse(
  argv: readonly string[],
  commands: readonly Command[],
  env: Terminal["env"],
): Request {
  const json = argv.includes("--json");
  const words = argv[0] === "--json" ? argv.slice(1) : argv;
  const [first = "--help", second = ""] = words;
  if (first === "--version" || first === "-v") return { kind: "version", json };
  if (HELP.includes(first)) return { kind: "help", commands, json };

  const command = commands.find(({ name }) => name === `${first} ${second}` || name === first);
  if (command === undefined)
    return { kind: "help", commands: findGroup(first, second, commands), json };
  const { options, args } = command;
  const known: Parameters = { ...options, ...everywhere };
  const flags = new Map(Object.entries(known).map(([name, option]) => [toFlag(name), option]));
  const typed = words.slice(command.name.split(" ").length);
  const hidden = hideValues(typed, (name) => flags.get(name)?.type !== undefined);
  const unknown = hidden.names.find((name) => !flags.has(name) && name !== "-h");
  if (unknown !== undefined) throw unknownOption(unknown, [...flags.keys()], command);

  const parsed = runCac(command, known, hidden.argv);
  if (parsed.options["help"] === true) return { kind: "help", commands: [command], json };
  const reveal = (value: unknown): Typed | undefined => {
    if (Array.isArray(value)) return value.flatMap((one) => reveal(one) ?? []);
    return typeof value === "string" ? hidden.typed(value) : value === true || undefined;
  };
  const named = Object.keys(options).map((name) => [name, reveal(parsed.options[name])] as const);
  const placed = Object.keys(args).map(
    (name, index) => [name, reveal(parsed.args[index])] as const,
  );
  const surplus = parsed.args[placed.length];
  if (surplus !== undefined) {
    throw wrongUse(`Unexpected argument ${describe(reveal(surplus))}. ${helpFor(command)}`);
  }
  const input = check(command, Object.fromEntries([...named, ...placed]), env);
  return { kind: "run", command, input, json };
}

/** cac splits the line into arguments and options; every value is still a placeholder. */
function runCac(command: Command, options: Parameters, argv: readonly string[]) {
  const cli = cac(BINARY);
  const target = cli.command(usageOf(command), command.summary);
  for (const [name, { type, summary }] of Object.entries(options)) {
    const alias = name === "help" ? "-h, " : "";
    target.option(`${alias}${toFlag(name)}${type ? ` <${type.placeholder}>` : ""}`, summary);
  }
  const parsed = cli.parse(["", BINARY, command.name, ...argv], { run: false });
  return { args: parsed.args, options: parsed.options as Record<string, unknown> };
}

/** Checks every value, those of the environment included. */
function check(
  command: Command,
  typed: Record<string, Typed | undefined>,
  env: Terminal["env"],
): Record<string, unknown> {
  const parameters: Parameters = { ...command.args, ...command.options };
  const input: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const fromEnv = parameter.env === undefined ? undefined : env[parameter.env] || undefined;
    const given = typed[name];
    const value = parameter.repeats && given !== undefined ? [given].flat() : (given ?? fromEnv);
    const result = z.safeParse(parameter.schema, value);
    if (!result.success) {
      const label = given === undefined && fromEnv !== undefined ? parameter.env : undefined;
      throw wrongValue(label ?? labelOf(name, command), parameter, value, command);
    }
    input[name] = result.data;
  }
  return input;
}

const labelOf = (name: string, { args }: Command): string =>
  Object.hasOwn(args, name) ? name : toFlag(name);

function wrongValue(
  label: string,
  { type, env }: Parameter,
  value: Typed | undefined,
  command: Command,
) {
  const expected = type?.expected ?? "given without a value";
  const orSet = value === undefined && env !== undefined ? ` Or set ${env}.` : "";
  return wrongUse(
    `Expected \`${label}\` to be ${expected}, got ${describe(value, type?.secret)}.${orSet} ${helpFor(command)}`,
  );
}

/** What was typed, unless it may be a secret. */
function describe(value: Typed | undefined, secret = false): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object") return value.map((one) => describe(one, secret)).join(" and ");
  if (value === true) return "no value";
  if (/^https?:/i.test(value)) return redactUrl(value);
  const hidden = secret || value.includes("://");
  return hidden ? `text of ${value.length} characters` : `"${value}"`;
}

/** The commands of a group such as `jobs`, whose help is asked for. */
function findGroup(
  first: string,
  second: string,
  commands: readonly Command[],
): readonly Command[] {
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length > 0 && HELP.includes(second)) return group;
  const typed = group.length > 0 ? `${first} ${second}`.trim() : first;
  const names = (group.length > 0 ? group : commands).map(({ name }) => name);
  const near = nearest(typed, names);
  const hint = near === undefined ? `Known: ${names.join(", ")}.` : `Did you mean \`${near}\`?`;
  throw wrongUse(`Unknown command ${describe(typed)}. ${hint} Run \`${PROGRAM} --help\`.`);
}

function unknownOption(typed: string, known: readonly string[], command: Command) {
  const near = nearest(typed, known);
  const hint = near === undefined ? "" : ` Did you mean \`${near}\`?`;
  return wrongUse(`Unknown option \`${typed}\`.${hint} ${helpFor(command)}`);
}

const helpFor = ({ name }: Command): string => `Run \`${PROGRAM} ${name} --help\`.`;
