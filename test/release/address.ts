/** The address of the repository in a dry run. The domain is reserved, so the links do not work. */
export const PLACEHOLDER = "https://example.invalid/abstrakt-webhooks";

/** The state of the checkout that decides whether a release may begin. */
export interface Checkout {
  readonly dryRun: boolean;
  /** The field `repository` of the root `package.json`. */
  readonly repository: unknown;
  /** The output of `git status --porcelain`. */
  readonly changes: string;
  /** Changesets that `changeset version` has not applied yet. */
  readonly pending: readonly string[];
}

/**
 * The reason why this checkout cannot be published; undefined if it can. A dry run has fewer rules.
 */
export function toRefusal(checkout: Checkout): string | undefined {
  const { dryRun, repository, changes, pending } = checkout;
  if (repository === undefined ? !dryRun : toAddress(repository) === undefined) {
    const got = JSON.stringify(repository) ?? "nothing";
    const wanted =
      "Expected `repository` in the root package.json to be the repository's https URL";
    return `${wanted}, got ${got}. Add "repository": "https://HOST/OWNER/NAME" there.`;
  }
  if (dryRun) return undefined;
  if (changes !== "") {
    return `Expected no changes that are not committed, got:\n${changes}Commit or stash them.`;
  }
  if (pending.length > 0) {
    const command = "npx -y pnpm@10 changeset version";
    return `Expected the versions to be applied, got ${pending.length} changesets that are not. Run \`${command}\`, read the changelogs and commit.`;
  }
  return undefined;
}

/** The page of the repository, without `.git` or a slash at its end. */
export function toAddress(repository: unknown): string | undefined {
  if (typeof repository !== "string" || !URL.canParse(repository)) return undefined;
  if (!repository.startsWith("https://")) return undefined;
  return repository.replace(/(\.git)?\/?$/, "");
}
