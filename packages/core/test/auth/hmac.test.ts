import * as nodeCrypto from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHmac } from "../../src/auth/hmac.ts";

const hex = (digits: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(digits, "hex"));
const ascii = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

/** Key, message and MAC of RFC 4231, section 4. Case 5 is left out: its MAC is truncated. */
const RFC_4231: Record<string, [Uint8Array<ArrayBuffer>, Uint8Array, string]> = {
  "case 1": [
    hex("0b".repeat(20)),
    ascii("Hi There"),
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  "case 2, a key shorter than the digest": [
    ascii("Jefe"),
    ascii("what do ya want for nothing?"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  "case 3": [
    hex("aa".repeat(20)),
    hex("dd".repeat(50)),
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  ],
  "case 4": [
    hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
    hex("cd".repeat(50)),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ],
  "case 6, a key longer than a block": [
    hex("aa".repeat(131)),
    ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  "case 7, key and message longer than a block": [
    hex("aa".repeat(131)),
    ascii(
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
    ),
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ],
};

const macOf = (key: Uint8Array, text: string, bytes: Uint8Array = new Uint8Array(0)): string =>
  nodeCrypto.createHmac("sha256", key).update(text).update(bytes).digest("base64url");

/** Each test runs once with Node's `hash`, and once on each kind of host that has none. */
const HOSTS = {
  "node:crypto": nodeCrypto,
  "a node:crypto without `hash`": { ...nodeCrypto, hash: undefined },
  "Web Crypto": undefined,
};

describe.each(Object.entries(HOSTS))("an HMAC by %s", (_, module) => {
  beforeEach(() => void vi.spyOn(process, "getBuiltinModule").mockReturnValue(module));
  afterEach(() => void vi.restoreAllMocks());

  it.each(Object.entries(RFC_4231))("signs as in RFC 4231, %s", async (_case, vector) => {
    const [key, message, mac] = vector;
    const hmac = await createHmac(key);
    expect(await hmac.sign("", message)).toBe(Buffer.from(mac, "hex").toString("base64url"));
  });

  it("equals Node's own HMAC for random keys, texts and bytes, one after another", async () => {
    const bytesTo = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength, size: "max" });
    const text = fc.string({ unit: "binary", maxLength: 1_000, size: "max" });
    const messages = fc.array(fc.tuple(text, bytesTo(3_000)), { minLength: 1, maxLength: 3 });
    const check = async (secret: Uint8Array, all: readonly [string, Uint8Array][]) => {
      const hmac = await createHmac(new Uint8Array(secret));
      for (const [message, bytes] of all) {
        const mac = macOf(secret, message, bytes);
        expect(await hmac.sign(message, bytes)).toBe(mac);
        expect(await hmac.verify(mac, message, bytes)).toBe(true);
        expect(await hmac.verify(mac, `${message}.`, bytes)).toBe(false);
      }
    };
    await fc.assert(fc.asyncProperty(bytesTo(200), messages, check), {
      numRuns: 50,
      endOnFailure: true,
    });
  });

  it.each([1, 63, 64, 65, 100, 200])("equals it for a key of %i bytes", async (length) => {
    const key = nodeCrypto.randomBytes(length);
    const hmac = await createHmac(new Uint8Array(key));
    expect(await hmac.sign("text")).toBe(macOf(key, "text"));
  });

  it.each([1_343, 1_344, 1_345, 4_032, 4_033, 20_000])(
    "signs texts of %i characters, of one, two and three bytes each",
    async (length) => {
      const hmac = await createHmac(new Uint8Array(32));
      for (const character of ["a", "é", "€"]) {
        const text = character.repeat(length);
        expect(await hmac.sign(text)).toBe(macOf(new Uint8Array(32), text));
      }
    },
  );

  it("refuses each other MAC, also after the right one", async () => {
    const hmac = await createHmac(new Uint8Array(32));
    const mac = await hmac.sign("text");
    const start = mac.slice(0, -1);
    const others = [
      "",
      start,
      `${mac}A`,
      `${mac}=`,
      `${mac}\0`,
      `${mac}é`,
      `${mac} `,
      // In UTF-8 the last character has more bytes than are left for it.
      `${start}é`,
      `${start}€`,
      `${start}\ud800`,
      `${mac.slice(0, -2)}é`,
      `${mac.slice(0, -2)}\u{1f511}`,
      "é".repeat(43),
      "é".repeat(21) + "A",
      "A".repeat(43),
      "A".repeat(100_000),
      mac.toUpperCase(),
    ];
    for (const other of others) {
      expect(await hmac.verify(mac, "text")).toBe(true);
      expect(await hmac.verify(other, "text")).toBe(false);
    }
  });

  it("refuses a MAC that differs in any one character", async () => {
    const hmac = await createHmac(new Uint8Array(32));
    const mac = await hmac.sign("text");
    for (let index = 0; index < mac.length; index++) {
      const other = mac[index] === "A" ? "B" : "A";
      const changed = mac.slice(0, index) + other + mac.slice(index + 1);
      expect(await hmac.verify(changed, "text")).toBe(false);
    }
  });
});

it("an HMAC by `hash` returns no promise", () => {
  const hmac = createHmac(new Uint8Array(32));
  expect(hmac).toMatchObject({ sign: expect.any(Function) });
  expect("sign" in hmac && hmac.sign("text")).toBe(macOf(new Uint8Array(32), "text"));
});
