/** The fields by which a registry's page links to a package's source, help and issues. */
export const toAddressFields = (address: string, folder: string) => ({
  homepage: `${address}/tree/HEAD/packages/${folder}#readme`,
  bugs: `${address}/issues`,
  repository: { type: "git", url: `git+${address}.git`, directory: `packages/${folder}` },
});

// Code comes first in this pattern, so that no link is found in it.
const CODE_OR_LINK = /^```[^]*?^```|`[^`\n]+`|\]\((?<target>[^)\s]+)\)/gm;

/** A package's README for a registry, where relative links do not work. */
export function withAbsoluteLinks(readme: string, address: string, folder: string): string {
  return readme.replace(CODE_OR_LINK, (match, target: string | undefined) => {
    if (target === undefined || target.startsWith("#") || URL.canParse(target)) return match;
    const view = /\.(png|svg|jpe?g|gif|webp)$/.test(target) ? "raw" : "blob";
    return `](${new URL(target, `${address}/${view}/HEAD/packages/${folder}/`).href})`;
  });
}
