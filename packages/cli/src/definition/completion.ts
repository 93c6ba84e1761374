import type { CommandReference, ParameterReference } from "./reference.ts";

/** The placeholder of values that are files. */
const FILE = "FILE";

/** A shell that completion is written for. */
export type Shell = "bash" | "zsh" | "fish";

/** A script that completes the commands, their options and the choices of these. */
export function toCompletion(
  shell: Shell,
  binary: string,
  commands: readonly CommandReference[],
): string {
  switch (shell) {
    case "bash":
      return forBash(binary, commands);
    case "zsh":
      // zsh reads the script of bash.
      return `autoload -U +X bashcompinit && bashcompinit\n${forBash(binary, commands)}`;
    case "fish":
      return forFish(binary, commands);
  }
}

function forBash(binary: string, commands: readonly CommandReference[]): string {
  const options = new Map(
    commands.flatMap((one) => one.options.map((option) => [option.name, option])),
  );
  const values = [...options.values()].filter(({ value }) => value !== undefined);
  const free = values.filter(({ choices, value }) => choices === undefined && value !== FILE);
  const arms = commands.map((command) => {
    const names = command.options.map(({ name }) => name);
    const places = command.arguments.flatMap(({ choices = [] }) => choices);
    return `"${command.name} "*) words="${[...places, ...names].join(" ")}" ;;`;
  });
  return `_abstrakt_webhooks() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1} " in
    " ") words="${firstWords(commands).join(" ")}" ;;
    ${groupsOf(commands)
      .map(([group, seconds]) => `"${group} ") words="${seconds.join(" ")}" ;;`)
      .join("\n    ")}
    ${arms.join("\n    ")}
  esac
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    ${values
      .flatMap(({ name, choices }) => (choices ? [`${name}) words="${choices.join(" ")}" ;;`] : []))
      .join("\n    ")}
    ${namesOf(values.filter(({ value }) => value === FILE))}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${namesOf(free)}) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _abstrakt_webhooks ${binary}`;
}

const namesOf = (options: readonly ParameterReference[]): string =>
  options.map(({ name }) => name).join("|");

function forFish(binary: string, commands: readonly CommandReference[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, arguments: places, options }) => {
    const words = name.split(" ");
    const last = words.at(-1) ?? "";
    const before =
      words.length === 1 ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${words[0]}`;
    const inside = words.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    return [
      `complete -c ${binary} -f -n ${quote(before)} -a ${last} -d ${quote(summary)}`,
      ...places.flatMap(({ choices }) =>
        choices
          ? [`complete -c ${binary} -f -n ${quote(inside)} -a ${quote(choices.join(" "))}`]
          : [],
      ),
      ...options.map(({ name: option, value, choices, summary: what }) => {
        const values = choices ? ` -f -a ${quote(choices.join(" "))}` : "";
        const takes = value === undefined ? "" : " -r";
        return `complete -c ${binary} -n ${quote(inside)} -l ${option.slice(2)}${takes}${values} -d ${quote(what)}`;
      }),
    ];
  });
  const groups = groupsOf(commands).map(
    ([group]) => `complete -c ${binary} -f -n __fish_use_subcommand -a ${group}`,
  );
  return [...groups, ...lines].join("\n");
}

const firstWords = (commands: readonly CommandReference[]): string[] => [
  ...new Set(commands.map(({ name }) => name.split(" ")[0] ?? "")),
];

/** The first word of commands of two words, with their second words. */
function groupsOf(commands: readonly CommandReference[]): [group: string, words: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { name } of commands) {
    const [group = "", word] = name.split(" ");
    if (word !== undefined) groups.set(group, [...(groups.get(group) ?? []), word]);
  }
  return [...groups];
}
