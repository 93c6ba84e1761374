/** The schema of pg-boss beside the one that `address` puts first into the search path. */
export function bossSchemaOf(address: string): string {
  const options = new URL(address).searchParams.get("options") ?? "";
  return `${/search_path=(\w+)/.exec(options)?.[1]}_boss`;
}
