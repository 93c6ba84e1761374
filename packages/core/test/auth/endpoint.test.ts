import { expect, it } from "vitest";
import { toEndpoint } from "../../src/auth/endpoint.ts";

const ABSOLUTE = "the absolute URL of your endpoint";
const HTTPS = "https, or http to a loopback host while developing";

it.each<[unknown, string]>([
  [undefined, `${ABSOLUTE}, got undefined`],
  [5, `${ABSOLUTE}, got 5`],
  [new URL("https://app.test/hook"), `${ABSOLUTE}, got object`],
  ["/hook", `${ABSOLUTE}, got text that is no absolute URL`],
  ["http://app.test/hook", `${HTTPS}, got http://app.test/hook`],
  ["http://notlocalhost/hook", `${HTTPS}, got http://notlocalhost/hook`],
  ["http://localhost.test/hook", `${HTTPS}, got http://localhost.test/hook`],
  ["https://app.test/?k=1", "without `k` in its query, which carries the token, got one"],
  ["https://app.test/#x", "without a fragment, which is never sent, got one"],
])("the endpoint %s is refused", (url, rest) => {
  expect(() => toEndpoint(url)).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      message: `Expected \`url\` to be ${rest}.`,
    }),
  );
});

it.each([
  ["https://app.test/hook", "https://app.test/hook?k=t"],
  ["https://app.test/hook?", "https://app.test/hook?k=t"],
  ["https://app.test/hook?a=%20b", "https://app.test/hook?a=%20b&k=t"],
  ["http://127.10.20.30/", "http://127.10.20.30/?k=t"],
])("the token is added to the query of %s", (url, withToken) => {
  expect(toEndpoint(url).withToken("t")).toBe(withToken);
});
