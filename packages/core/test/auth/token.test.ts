import { expect, it } from "vitest";
import { readToken } from "../../src/auth/token.ts";

const claims = "v1.keyid_-8.1764430800000.AAAAAAAAAAAAAAAAAAAAAA.b3JkZXItNDI";
const mac = "m".repeat(43);

it("readToken finds the parts of a token, also where the URL is only a query", () => {
  const token = {
    claims,
    keyId: "keyid_-8",
    expiresAtMs: 1_764_430_800_000,
    binding: "AAAAAAAAAAAAAAAAAAAAAA.b3JkZXItNDI",
    mac,
  };
  for (const before of ["?", "/hook?", "https://app.test/hook?a=b&"]) {
    expect(readToken(`${before}k=${claims}.${mac}`)).toEqual(token);
  }
});
