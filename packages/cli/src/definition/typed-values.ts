/** A command line in which placeholders stand for the values. */
export interface Hidden {
  /** The arguments, with a placeholder for each value. */
  readonly argv: readonly string[];
  /** The names of the options, such as `--job-id`, as they were typed. */
  readonly names: readonly string[];
  /** The value of a placeholder, as it was typed. */
  typed(placeholder: unknown): string;
}

/**
 * Replaces values by placeholders, because cac turns `007` into 7 and `1e5` into 100000, and takes `-`
 * for an option.
 *
 * @param takesValue tells whether a value follows the option of that name, such as `--job-id`.
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
