import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { refOf } from "../../src/auth/binding.ts";
import { signedUrl, type SignedUrlOptions } from "../../src/index.ts";

const OLD = "an old secret of 32 characters..";
const NEW = "a new secret of 32 characters...";
const url = "https://app.test/api/hook";
const DAY_MS = 86_400_000;
let nowMs = 1_763_826_000_000;
const clock = () => nowMs;

const make = (options: Partial<SignedUrlOptions> = {}) =>
  signedUrl({ secrets: [OLD], url, clock, ...options });
const at = (address: string) => ({ method: "POST", url: address, header: () => undefined });
const pathOf = (address: string) => address.slice(new URL(address).origin.length);

/** Each test runs once with Node's primitive and once with Web Crypto alone. */
describe.each(["node:crypto", "Web Crypto"])("signedUrl by %s", (primitive) => {
  beforeEach(() => {
    nowMs = 1_763_826_000_000;
    if (primitive === "Web Crypto") {
      vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    }
  });
  afterEach(() => void vi.restoreAllMocks());

  it("admits a URL that it has minted, and returns its binding", async () => {
    const auth = make();
    const minted = await auth.mint({ ref: "order-42" });
    expect(minted.url).toMatch(
      /^https:\/\/app\.test\/api\/hook\?k=v1\.[\w-]{8}\.1764430800000\.[\w-]{22}\.b3JkZXItNDI\.[\w-]{43}$/,
    );
    expect(refOf(minted.binding)).toBe("order-42");
    expect(await auth.admit(at(minted.url))).toEqual({ binding: minted.binding });
    // A path alone, as Node's servers have it; and behind a proxy that rewrites path and query.
    expect(await auth.admit(at(pathOf(minted.url)))).toEqual({ binding: minted.binding });
    const proxied = `/elsewhere${new URL(minted.url).search}&via=proxy`;
    expect(await auth.admit(at(proxied))).toEqual({ binding: minted.binding });
    expect(await make().admit(at(minted.url))).toEqual({ binding: minted.binding });
  });

  it("accepts URLs that an earlier version has minted", async () => {
    const claims = "v1.dqIsOGYy.1764430800000.AAAAAAAAAAAAAAAAAAAAAA.b3JkZXItNDI";
    const binding = "AAAAAAAAAAAAAAAAAAAAAA.b3JkZXItNDI";
    const plain = `?k=${claims}.8VBWvvLI4pNPtZCjsb-xLjk9KTfUwDvR9rTlbTKuOng`;
    const staging = `?k=${claims}.AscuZ5UkQT8Y4HvtcODPWeMBwElENXvbFW7ol2r4QXY`;
    expect(await make().admit(at(plain))).toEqual({ binding });
    expect(await make({ audience: "staging" }).admit(at(staging))).toEqual({ binding });
    expect(await make().admit(at(`http://[${staging}`))).toEqual({ refused: "wrong_signature" });
  });

  it("mints a new binding each time, with or without a ref", async () => {
    const auth = make();
    const bindings = await Promise.all([
      auth.mint({ ref: "r" }),
      auth.mint({ ref: "r" }),
      auth.mint(),
    ]);
    expect(new Set(bindings.map(({ binding }) => binding)).size).toBe(3);
    expect(bindings.map(({ binding }) => refOf(binding))).toEqual(["r", "r", undefined]);
    for (const minted of bindings) {
      expect(await auth.admit(at(minted.url))).toEqual({ binding: minted.binding });
    }
  });

  it("keeps the configured query unchanged", async () => {
    const auth = make({ url: `${url}?tenant=a%20b&x=+` });
    const minted = await auth.mint();
    expect(minted.url).toMatch(/\?tenant=a%20b&x=\+&k=v1\./);
    expect(await auth.admit(at(minted.url))).toEqual({ binding: minted.binding });
  });

  it("refuses a URL at the exact millisecond of its expiry", async () => {
    const auth = make();
    const [week, minute] = [await auth.mint(), await auth.mint({ expiresInMs: 60_000 })];
    nowMs += 59_999;
    expect(await auth.admit(at(minute.url))).toBeTruthy();
    nowMs += 1;
    expect(await auth.admit(at(minute.url))).toEqual({ refused: "expired" });
    nowMs += 7 * DAY_MS - 60_001;
    expect(await auth.admit(at(week.url))).toBeTruthy();
    nowMs += 1;
    expect(await auth.admit(at(week.url))).toEqual({ refused: "expired" });
  });

  it("admits a URL with the latest expiry that a number can hold", async () => {
    const auth = make({ expiresInMs: Number.MAX_SAFE_INTEGER });
    const minted = await auth.mint();
    expect(await auth.admit(at(minted.url))).toEqual({ binding: minted.binding });
  });

  it("signs with the first secret, accepts all secrets, and refuses a removed one", async () => {
    const before = await make().mint();
    const both = make({ secrets: [NEW, OLD] });
    const during = await both.mint();
    for (const { url: address } of [before, during]) {
      expect(await both.admit(at(address))).toBeTruthy();
    }
    const after = make({ secrets: [NEW] });
    expect(await after.admit(at(during.url))).toBeTruthy();
    expect(await after.admit(at(before.url))).toEqual({ refused: "unknown_key" });
    expect(await make().admit(at(during.url))).toEqual({ refused: "unknown_key" });
  });

  it("binds a URL to the configured path, not to its host or query", async () => {
    const { url: address } = await make().mint();
    expect(await make({ url: "https://other.test/api/hook?x=1" }).admit(at(address))).toBeTruthy();
    for (const other of ["/api/hook/", "/api/hook2", "/api/Hook", "/"]) {
      const auth = make({ url: `https://app.test${other}` });
      expect(await auth.admit(at(address))).toEqual({ refused: "wrong_path" });
      expect(await auth.admit(at(pathOf(address)))).toEqual({ refused: "wrong_path" });
      // The signed path is neither the configured path nor the request's own.
      const moved = address.replace("/api/hook", "/elsewhere");
      expect(await auth.admit(at(moved))).toEqual({ refused: "wrong_signature" });
    }
  });

  it("keeps audiences apart that share a secret", async () => {
    const [staging, production, neither] = [
      make({ audience: "staging" }),
      make({ audience: "production" }),
      make(),
    ];
    const { url: address } = await staging.mint();
    expect(await staging.admit(at(address))).toBeTruthy();
    for (const other of [production, neither]) {
      expect(await other.admit(at(address))).toEqual({ refused: "wrong_signature" });
    }
    expect(await staging.admit(at((await neither.mint()).url))).toEqual({
      refused: "wrong_signature",
    });
  });

  it("gives the reason why it refuses", async () => {
    const auth = make();
    const { url: address } = await auth.mint();
    const reasons: Record<string, string> = {
      [url]: "missing_token",
      [`${url}?token=x`]: "missing_token",
      [`${url}?k=`]: "malformed_token",
      [`${url}?k=x`]: "malformed_token",
      [`${address}&k=x`]: "malformed_token",
      [`${address}A`]: "malformed_token",
      [address.replace(/k=v1\.[\w-]{8}/, "k=v1.AAAAAAAA")]: "unknown_key",
      [`${address.slice(0, -3)}AAA`]: "wrong_signature",
    };
    for (const [given, reason] of Object.entries(reasons)) {
      expect(await auth.admit(at(given)), given).toEqual({ refused: reason });
    }
  });

  it("admits nothing and mints nothing when the clock returns NaN", async () => {
    const { url: address } = await make().mint();
    const broken = make({ clock: () => Number.NaN });
    expect(await broken.admit(at(address))).toEqual({ refused: "expired" });
    await expect(broken.mint()).rejects.toMatchObject({ code: "invalid_options" });
  });

  it("refuses a token that has one changed character or is too short", async () => {
    const auth = make();
    const { url: address } = await auth.mint({ ref: "order-42" });
    const start = address.indexOf("=") + 1;
    for (let index = start; index < address.length; index++) {
      const other = address[index] === "A" ? "B" : "A";
      const changed = address.slice(0, index) + other + address.slice(index + 1);
      const refused = { refused: expect.any(String) };
      expect(await auth.admit(at(changed)), `changed at ${index}`).toEqual(refused);
      expect(await auth.admit(at(address.slice(0, index))), `cut at ${index}`).toEqual(refused);
    }
    expect(await auth.admit(at(address))).toBeTruthy();
  });

  it("accepts exactly one token, of exactly the documented form", async () => {
    const auth = make();
    const [one, two] = [await auth.mint({ ref: "a" }), await auth.mint({ ref: "b" })];
    const token = new URL(one.url).searchParams.get("k") ?? "";
    const parts = token.split(".");
    const moved = [...parts.slice(0, 3), parts[4], parts[3], parts[5]].join(".");
    const refused = [
      url,
      "/",
      "",
      "?",
      `${url}?`,
      `${url}?k=`,
      `${url}?K=${token}`,
      `${url}?key=${token}`,
      `${url}#?k=${token}`.replace("?", ""),
      `${url}?k=${token}&k=${token}`,
      `${url}?k=&k=${token}`,
      `${url}?%6B=${token}&k=${token}`,
      `${one.url}&${new URL(two.url).search.slice(1)}`,
      `${url}?k=${moved}`,
      `${url}?k=${token}.`,
      `${url}?k=.${token}`,
      `${url}?k=${token}=`,
      `${url}?k= ${token}`,
      `${url}?k=${token}%00`,
      `${url}?k=${token}%0A`,
      `${url}?k=${token.replace("v1", "v2")}`,
      `${url}?k=${parts.slice(0, 5).join(".")}`,
      `${url}?k=${parts.slice(0, 5).join(".")}.`,
      `${url}?k=v1.none.${"9".repeat(13)}.${"a".repeat(22)}.${"b".repeat(1e5)}.${"c".repeat(43)}`,
    ];
    for (const address of refused) {
      expect(await auth.admit(at(address)), address).toEqual({
        refused: expect.stringMatching(/^(missing|malformed)_token$/),
      });
    }
    expect(await auth.admit(at(`/?x=1&k=${token}&y=2`))).toBeTruthy();
  });
});

describe("signedUrl by node:crypto", () => {
  it("answers without a promise, so that the 200 waits for no further one", async () => {
    const auth = make({ secrets: [NEW, OLD] });
    const { url: address, binding } = await make().mint();
    expect(auth.admit(at(address))).toEqual({ binding });
    expect(auth.admit(at(`${address}x`))).toEqual({ refused: "malformed_token" });
  });

  it("does nothing at construction", () => {
    const modules = vi.spyOn(process, "getBuiltinModule");
    make();
    expect(modules).not.toHaveBeenCalled();
    modules.mockRestore();
  });
});

describe("signedUrl by Web Crypto", () => {
  it("verifies a forged token once, and twice only where it came by another path", async () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const verify = vi.spyOn(crypto.subtle, "verify");
    const auth = make();
    const { url: address } = await auth.mint();
    const forged = pathOf(`${address.slice(0, -3)}AAA`);
    for (const [given, times] of [
      [forged, 1],
      [forged.replace("/api/hook", "http://["), 1],
      [forged.replace("/api/hook", "/elsewhere"), 2],
    ] as const) {
      verify.mockClear();
      expect(await auth.admit(at(given))).toEqual({ refused: "wrong_signature" });
      expect(verify, given).toHaveBeenCalledTimes(times);
    }
    vi.restoreAllMocks();
  });

  it("imports each key once", async () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const imports = vi.spyOn(crypto.subtle, "importKey");
    const auth = make({ secrets: [NEW, OLD] });
    const { url: address } = await auth.mint();
    for (let times = 0; times < 5; times++) expect(await auth.admit(at(address))).toBeTruthy();
    expect(imports).toHaveBeenCalledTimes(2);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const uses: KeyUsage[] = ["sign", "verify"];
    // `false`: the secret cannot be exported from the key.
    expect(imports).toHaveBeenCalledWith("raw", expect.anything(), algorithm, false, uses);
    vi.restoreAllMocks();
  });
});

describe("signedUrl refuses at construction, and says what it expects", () => {
  const fails = (options: unknown) => {
    try {
      signedUrl(options as SignedUrlOptions);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "invalid_options" });
      return String(thrown);
    }
    return "nothing was thrown";
  };

  it.each([
    [undefined, "Expected options such as { secrets, url }, got undefined."],
    [null, "Expected options such as { secrets, url }, got null."],
    ["text", "Expected options such as { secrets, url }, got string."],
    [{ secrets: [OLD], url, expiresInMS: 1 }, "Unknown option `expiresInMS`"],
    [{ url }, "at least one secret, got undefined"],
    [{ secrets: OLD, url }, "at least one secret, got string"],
    [{ secrets: [], url }, "at least one secret, got an empty one"],
    [
      { secrets: [undefined], url },
      "`secrets[0]` to be text of at least 32 characters, got undefined",
    ],
    [
      { secrets: [OLD, OLD.slice(1)], url },
      "`secrets[1]` to be text of at least 32 characters, got 31",
    ],
    [{ secrets: [OLD] }, "absolute URL of your endpoint, got undefined"],
    [{ secrets: [OLD], url: "/api/hook" }, "absolute URL"],
    [
      { secrets: [OLD], url: "http://app.test/hook?token=s3cret" },
      "got http://app.test/hook?[redacted]",
    ],
    [{ secrets: [OLD], url: "http://127.0.0.1.evil.test/" }, "https"],
    [{ secrets: [OLD], url: "http://localhost.evil.test/" }, "https"],
    [{ secrets: [OLD], url: "ftp://localhost/" }, "https"],
    [{ secrets: [OLD], url: "https://app.test/?k=1" }, "without `k` in its query"],
    [{ secrets: [OLD], url: "https://app.test/#x" }, "without a fragment"],
    [{ secrets: [OLD], url, expiresInMs: 0 }, "`expiresInMs` to be a whole number"],
    [{ secrets: [OLD], url, clock: 1 }, "`clock` to be a function"],
    [{ secrets: [undefined], url }, "Is the environment variable set?"],
    [{ secrets: [""], url }, "Is the environment variable set?"],
    [{ secrets: [OLD], url, audience: "" }, "`audience`"],
    [
      { secrets: [OLD], url, audience: "a b" },
      "Expected `audience` to be 1 to 64 visible ASCII characters, got other text.",
    ],
    [{ secrets: [OLD], url, audience: "a".repeat(65) }, "`audience`"],
    [{ secrets: [OLD], url, audience: 5 }, "ASCII characters, got 5."],
  ])("%j", (options, message) => {
    const text = fails(options);
    expect(text).toContain(message);
    expect(text).not.toMatch(/s3cret|an old secret/);
  });

  it.each([
    "http://localhost:3000/hook",
    "http://app.localhost/hook",
    "http://127.0.0.1/hook",
    "http://127.9.9.9/hook",
    "http://[::1]:3000/hook",
  ])("http to %s is accepted", async (address) => {
    const auth = make({ url: address });
    expect((await auth.mint()).url).toContain(`${address}?k=v1.`);
  });
});

it("signedUrl refuses to mint a URL that it could not admit", async () => {
  const auth = make();
  for (const o of [{ ref: "" }, { ref: "\uD800" }, { ref: "r".repeat(513) }, { expiresInMs: 0 }]) {
    await expect(auth.mint(o)).rejects.toMatchObject({ code: "invalid_options" });
  }
  await expect(auth.mint({ expiresInMs: 0 })).rejects.toThrow(
    "Expected `expiresInMs` to be a whole number of at least 1, got 0.",
  );
  await expect(make({ clock: () => -1 }).mint()).rejects.toThrow(
    "Expected `clock()` to be a whole number of at least 0, got -1.",
  );
});
