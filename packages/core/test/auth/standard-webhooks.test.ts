import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { standardWebhooks, type StandardWebhooksOptions } from "../../src/index.ts";

// These values come from the tests of the specification's reference libraries.
const SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SECONDS = 1_614_265_330;
const PAYLOAD = '{"test": 2432232314}';
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const OTHER = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

const clock = () => SECONDS * 1_000;
const make = (options: Partial<StandardWebhooksOptions> = {}) =>
  standardWebhooks({ secrets: [`whsec_${SECRET}`], clock, ...options });
const bytes = (text: string) => new TextEncoder().encode(text);
const signed = {
  "webhook-id": ID,
  "webhook-timestamp": String(SECONDS),
  "webhook-signature": SIGNATURE,
};
const head = (headers: Record<string, string | undefined> = {}) => {
  const all: Record<string, string | undefined> = { ...signed, ...headers };
  return { method: "POST", url: "/", header: (name: string) => all[name.toLowerCase()] };
};
const verify = (headers: Record<string, string | undefined> = {}, body = PAYLOAD, o = {}) =>
  make(o).verify(bytes(body), head(headers));

/** Each test runs once with Node's primitive and once with Web Crypto alone. */
describe.each(["node:crypto", "Web Crypto"])("standardWebhooks by %s", (primitive) => {
  beforeEach(() => {
    if (primitive === "Web Crypto") {
      vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    }
  });
  afterEach(() => void vi.restoreAllMocks());

  it("accepts the published signature, with and without the secret's prefix", async () => {
    expect(await verify()).toBe(true);
    expect(await verify({}, PAYLOAD, { secrets: [SECRET] })).toBe(true);
  });

  it("reads the headers of a request that is an instance of a class", async () => {
    class Request {
      readonly method = "POST";
      readonly url = "/";
      readonly headers: Record<string, string> = signed;
      header(name: string): string | undefined {
        return this.headers[name];
      }
    }
    expect(await make().verify(bytes(PAYLOAD), new Request())).toBe(true);
  });

  it("accepts one valid signature among several, by any one of several secrets", async () => {
    const several = [OTHER, OTHER.replace("v1", "v2"), `v1a,${"A".repeat(86)}==`, SIGNATURE, OTHER];
    expect(await verify({ "webhook-signature": several.join(" ") })).toBe(true);
    const secrets = [`whsec_${btoa("another secret of 32 characters.")}`, `whsec_${SECRET}`];
    expect(await verify({}, PAYLOAD, { secrets })).toBe(true);
  });

  it("accepts as many signatures as its limit allows", async () => {
    const ten = [...Array.from({ length: 9 }, () => OTHER), SIGNATURE];
    expect(await verify({ "webhook-signature": ten.join(" ") })).toBe(true);
  });

  it("verifies the bytes as they arrived, also those that are no UTF-8", async () => {
    const body = Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0x00);
    const mac = createHmac("sha256", Buffer.from(SECRET, "base64"))
      .update(`${ID}.${SECONDS}.`)
      .update(body)
      .digest("base64");
    expect(await make().verify(body, head({ "webhook-signature": `v1,${mac}` }))).toBe(true);
    expect(
      await make().verify(body.subarray(3), head({ "webhook-signature": `v1,${mac}` })),
    ).toEqual({ refused: "wrong_signature" });
  });

  it.each<[string, string, Record<string, string | undefined>, string?]>([
    ["no id", "missing_signature", { "webhook-id": undefined }],
    ["no timestamp", "missing_signature", { "webhook-timestamp": undefined }],
    ["no signature", "missing_signature", { "webhook-signature": undefined }],
    ["an empty signature", "missing_signature", { "webhook-signature": "" }],
    ["an id with a full stop", "malformed_signature", { "webhook-id": `${ID}.1` }],
    ["a timestamp in words", "malformed_signature", { "webhook-timestamp": "hello" }],
    ["a timestamp with a fraction", "malformed_signature", { "webhook-timestamp": `${SECONDS}.5` }],
    ["a negative timestamp", "malformed_signature", { "webhook-timestamp": "-1" }],
    [
      "a header that is given twice",
      "malformed_signature",
      { "webhook-timestamp": `${SECONDS}, ${SECONDS}` },
    ],
    ["no comma", "malformed_signature", { "webhook-signature": SIGNATURE.replace(",", "") }],
    [
      "a signature that is cut short",
      "malformed_signature",
      { "webhook-signature": SIGNATURE.slice(0, 8) },
    ],
    ["no bytes", "malformed_signature", { "webhook-signature": "v1," }],
    [
      "another version alone",
      "malformed_signature",
      { "webhook-signature": SIGNATURE.replace("v1", "v2") },
    ],
    [
      "more signatures than its limit",
      "malformed_signature",
      {
        "webhook-signature": Array.from({ length: 11 }, () => OTHER).join(" "),
      },
    ],
    ["another signature", "wrong_signature", { "webhook-signature": OTHER }],
    [
      "one bit of padding changed",
      "wrong_signature",
      { "webhook-signature": SIGNATURE.replace("OE=", "OF=") },
    ],
    ["another id", "wrong_signature", { "webhook-id": "msg_other" }],
    ["another timestamp", "wrong_signature", { "webhook-timestamp": String(SECONDS + 1) }],
    ["another body", "wrong_signature", {}, `${PAYLOAD} `],
    ["a body of no bytes", "wrong_signature", {}, ""],
  ])("refuses %s as %s", async (_what, reason, headers, body = PAYLOAD) => {
    expect(await verify(headers, body)).toEqual({ refused: reason });
  });
});

it("accepts a timestamp up to `toleranceMs` in the past or in the future", () => {
  for (const offMs of [-300_000, 300_000]) {
    expect(verify({}, PAYLOAD, { clock: () => clock() + offMs })).toBe(true);
    const further = () => clock() + offMs + Math.sign(offMs);
    expect(verify({}, PAYLOAD, { clock: further })).toEqual({ refused: "expired" });
  }
  const later = () => clock() + 5_000;
  expect(verify({}, PAYLOAD, { clock: later, toleranceMs: 4_999 })).toEqual({ refused: "expired" });
});

it("refuses when its clock returns NaN", () => {
  expect(verify({}, PAYLOAD, { clock: () => Number.NaN })).toEqual({ refused: "expired" });
});

describe("standardWebhooks refuses at construction, and says what it expects", () => {
  it.each([
    [undefined, "Expected options such as { secrets }, got undefined."],
    [null, "Expected options such as { secrets }, got null."],
    ["text", "Expected options such as { secrets }, got string."],
    [{ secrets: [SECRET], tolerance: 1 }, "Unknown option `tolerance`"],
    [{ secrets: [] }, "at least one secret"],
    [{ secrets: [undefined] }, "Is the environment variable set?"],
    [{ secrets: [""] }, "Is the environment variable set?"],
    [{ secrets: ["whsec_"] }, "24 bytes"],
    [{ secrets: [`whsec_${SECRET.slice(4)}`] }, "24 bytes"],
    [{ secrets: [`whsk_${SECRET}`] }, "base64"],
    [{ secrets: ["not base64 at all, is it? no, not."] }, "base64"],
    [{ secrets: [SECRET], toleranceMs: Infinity }, "`toleranceMs`"],
    [{ secrets: [SECRET], clock: 1 }, "`clock` to be a function"],
  ])("%j", (options, message) => {
    let text = "nothing was thrown";
    try {
      standardWebhooks(options as StandardWebhooksOptions);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "invalid_options" });
      text = String(thrown);
    }
    expect(text).toContain(message);
    expect(text).not.toMatch(/MfKQ|9r8G/);
  });
});
