import { webcrypto } from "node:crypto";
import { afterEach, expect, it, vi } from "vitest";
import { randomBytes, webCrypto } from "../../src/auth/web-crypto.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A host with this global `crypto`, and with this as `node:crypto`. */
function onHost(global: unknown, module: object | undefined): void {
  vi.stubGlobal("crypto", global);
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(module);
}

it("the host's global `crypto` is used", () => {
  const { crypto } = globalThis;
  onHost(crypto, { webcrypto: {} });
  expect(webCrypto()).toBe(crypto);
});

it.each([undefined, {}])("`node:crypto` is used where the global is %j", (global) => {
  onHost(global, { webcrypto });
  expect(webCrypto()).toBe(webcrypto);
  expect(randomBytes(16)).toHaveLength(16);
});

it.each([undefined, {}])("the error says what to do where `node:crypto` is %j", (module) => {
  onHost({}, module);
  expect(webCrypto).toThrow(
    expect.objectContaining({
      code: "unsupported",
      message:
        "Expected the host to have `crypto` with `crypto.subtle`, got none. Run a Node that was built with OpenSSL, or a host with Web Crypto.",
    }),
  );
});
