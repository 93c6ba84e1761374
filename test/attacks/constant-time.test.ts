import { readFileSync } from "node:fs";
import * as nodeCrypto from "node:crypto";
import { signedUrl } from "@abstrakt-webhooks/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PUBLIC_URL, SECRET } from "./endpoint.ts";

afterEach(() => void vi.restoreAllMocks());
const headOf = (url: string) => ({ method: "POST", url, header: () => undefined });
const make = () => signedUrl({ secrets: [SECRET], url: PUBLIC_URL });
const spoil = (url: string): string => url.slice(0, -43) + "A".repeat(43);

/** The host's own constant-time comparison alone decides whether a signature is right. */
describe("only the constant-time primitive compares signatures", () => {
  it("it is timingSafeEqual, where there is node:crypto", async () => {
    const timingSafeEqual = vi.fn<typeof nodeCrypto.timingSafeEqual>();
    vi.spyOn(process, "getBuiltinModule").mockReturnValue({ ...nodeCrypto, timingSafeEqual });
    const auth = make();
    const { url } = await auth.mint();
    timingSafeEqual.mockReturnValue(false);
    expect(auth.admit(headOf(url))).toEqual({ refused: "wrong_signature" });
    timingSafeEqual.mockReturnValue(true);
    expect(auth.admit(headOf(spoil(url)))).toBeTruthy();
    const compared = timingSafeEqual.mock.calls.map((pair) =>
      pair.map((bytes) => (bytes as Uint8Array).byteLength),
    );
    // The signatures are always whole, so that no length reveals anything.
    expect(compared).toEqual([
      [43, 43],
      [43, 43],
    ]);
  });

  it("it is subtle.verify, where there is no node:crypto", async () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const auth = make();
    const { url } = await auth.mint();
    const verify = vi.spyOn(crypto.subtle, "verify").mockResolvedValue(false);
    expect(await auth.admit(headOf(url))).toEqual({ refused: "wrong_signature" });
    verify.mockResolvedValue(true);
    expect(await auth.admit(headOf(spoil(url)))).toBeTruthy();
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it("no other line of the source compares a signature", () => {
    const source = (file: string): string =>
      readFileSync(new URL(`../../packages/core/src/auth/${file}.ts`, import.meta.url), "utf8");
    for (const file of ["hmac", "keyring", "token", "signed-url", "standard-webhooks"]) {
      expect(source(file)).not.toMatch(
        /\bmac\b\s*[!=]==|[!=]==\s*\bmac\b|mac\.(startsWith|includes|localeCompare)/i,
      );
    }
    expect(source("hmac").match(/timingSafeEqual\(|subtle\.verify\(/g)).toHaveLength(3);
  });
});
