/** A command line whose values cannot be mistaken for numbers or options. */
export interface Hidden {
  /** The arguments with a placeholder in the place of each value. */
  readonly argv: readonly string[];
  /** Names of the options in the order they were typed: `--job-id`. */
  readonly names: readonly string[];
  /** The value that a placeholder stands for, as it was typed. */
  typed(placeholder: unknown): string;
}

/**
 * Puts placeholders in the place of values, because cac turns `007` into 7, `1e5` into 100000 and
 * takes `-` for an option.
 *
 * @param takesValue whether the option of that name, such as `--job-id`, is followed by a value.
 */
export function hideValues(argv: readonly string[], takesValue: (name: string) => boolean): Hidden {
  const values: string[] = [];
  const names: string[] = [];
  const hidden: string[] = [];
  const hide = (value: string): string => `value-${values.push(value) - 1}`;
  const rest = [...argv];

  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (token === "--") {
      hidden.push(...rest.splice(0).map(hide));
    } else if (token === "-" || !token.startsWith("-")) {
      hidden.push(hide(token));
    } else {
      const [, name = token, value] = /^([^=]+)=(.*)$/s.exec(token) ?? [];
      names.push(name);
      const following =
        value ?? (takesValue(name) && !rest[0]?.startsWith("--") ? rest.shift() : undefined);
      hidden.push(following === undefined ? name : `${name}=${hide(following)}`);
    }
  }
  return {
    argv: hidden,
    names,
    typed: (placeholder) => values[Number(String(placeholder).slice("value-".length))] ?? "",
  };
}
