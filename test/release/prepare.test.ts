import { expect, it } from "vitest";
import { PLACEHOLDER, toAddress, toRefusal } from "./address.ts";
import { toAddressFields, withAbsoluteLinks } from "./prepare.ts";

const ADDRESS = "https://example.com/owner/name";
const ready = { dryRun: false, repository: ADDRESS, changes: "", pending: [] };
const aboutAddress = /^Expected `repository` in the root package\.json .*Add "repository"/;

it.each<[what: string, checkout: object, refusal: RegExp | undefined]>([
  ["a clean checkout with an address", {}, undefined],
  ["no address", { repository: undefined }, aboutAddress],
  ["an address that is no https URL", { repository: "owner/name" }, aboutAddress],
  [
    "a changed file",
    { changes: " M README.md\n" },
    /^Expected no changes.*\n M README\.md\nCommit/,
  ],
  ["a pending changeset", { pending: ["core.md"] }, /^Expected the versions .*changeset version/],
  ["a dry run without an address", { dryRun: true, repository: undefined }, undefined],
  ["a dry run of changed files", { dryRun: true, changes: " M a\n", pending: ["a.md"] }, undefined],
  ["a dry run with a wrong address", { dryRun: true, repository: "owner/name" }, aboutAddress],
])("%s", (_, checkout, refusal) => {
  const given = toRefusal({ ...ready, ...checkout });
  if (refusal === undefined) expect(given).toBeUndefined();
  else expect(given).toMatch(refusal);
});

it.each([ADDRESS, `${ADDRESS}/`, `${ADDRESS}.git`])("%s is the same address", (repository) => {
  expect(toAddress(repository)).toBe(ADDRESS);
});

it("the placeholder is an address on a reserved domain", () => {
  expect(new URL(toAddress(PLACEHOLDER) ?? "").hostname).toBe("example.invalid");
});

it("a manifest links to its folder", () => {
  expect(toAddressFields(ADDRESS, "core")).toEqual({
    homepage: "https://example.com/owner/name/tree/HEAD/packages/core#readme",
    bugs: "https://example.com/owner/name/issues",
    repository: {
      type: "git",
      url: "git+https://example.com/owner/name.git",
      directory: "packages/core",
    },
  });
});

it.each([
  ["[a](../hono/README.md)", `[a](${ADDRESS}/blob/HEAD/packages/hono/README.md)`],
  ["[a](../../docs/a.md#part)", `[a](${ADDRESS}/blob/HEAD/docs/a.md#part)`],
  ["[`a`](src/a.ts)", `[\`a\`](${ADDRESS}/blob/HEAD/packages/core/src/a.ts)`],
  ["![a](../../docs/a.png)", `![a](${ADDRESS}/raw/HEAD/docs/a.png)`],
  ["[a](#part) [b](https://b.example)", "[a](#part) [b](https://b.example)"],
  ["`handlers[0](job)`", "`handlers[0](job)`"],
  ["```ts\nhandlers[0](job);\n```\n", "```ts\nhandlers[0](job);\n```\n"],
])("%s", (readme, published) => {
  expect(withAbsoluteLinks(readme, ADDRESS, "core")).toBe(published);
});
