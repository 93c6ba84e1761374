import { expect, it } from "vitest";
import { signedUrl, standardWebhooks } from "../../src/index.ts";

const URL_SECRET = "text of at least 32 characters";
const RELAY_SECRET = "base64 of at least 24 bytes, with or without `whsec_` before it";
const UNSET = " Is the environment variable set?";

it.each<[unknown, string]>([
  [undefined, `undefined.${UNSET}`],
  ["", `empty text.${UNSET}`],
  [5, "5."],
  [null, "null."],
  ["s".repeat(31), "31."],
])("signedUrl refuses the secret %j", (secret, came) => {
  const make = () => signedUrl({ secrets: [secret as string], url: "https://app.test/" });
  expect(make).toThrow(invalid(URL_SECRET, came));
});

it.each<[unknown, string]>([
  [undefined, `undefined.${UNSET}`],
  ["", `empty text.${UNSET}`],
  [5, "5."],
  ["whsec_", "0 bytes."],
  [btoa("s".repeat(23)), "23 bytes."],
  [`${"A".repeat(16)}whsec_${"A".repeat(16)}`, "text that is not base64."],
])("standardWebhooks refuses the secret %j", (secret, came) => {
  const make = () => standardWebhooks({ secrets: [secret as string] });
  expect(make).toThrow(invalid(RELAY_SECRET, came));
});

const invalid = (expected: string, came: string) =>
  expect.objectContaining({
    code: "invalid_options",
    message: `Expected \`secrets[0]\` to be ${expected}, got ${came} Make one with: openssl rand -base64 32`,
  });

it("secrets of the minimum length are accepted", () => {
  expect(() => signedUrl({ secrets: ["s".repeat(32)], url: "https://app.test/" })).not.toThrow();
  expect(() => standardWebhooks({ secrets: [btoa("s".repeat(24))] })).not.toThrow();
});
