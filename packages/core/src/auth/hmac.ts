import { encodeUtf8, fromBase64url, toBase64url } from "../encoding.ts";
import { hostModule } from "../host-globals.ts";
import { webCrypto } from "./web-crypto.ts";

/** HMAC-SHA-256 with one secret. It returns a promise only if the host needs one. */
export interface Hmac {
  /** In base64url. */
  sign(message: Message): string | Promise<string>;
  /** In constant time: only the host's own function compares. */
  verify(message: Message, mac: string): boolean | Promise<boolean>;
}

/** A text is encoded as UTF-8. */
type Message = string | Uint8Array<ArrayBuffer>;

/** The part of `node:crypto` used here. Bun, Deno and Workers with `nodejs_compat` have it too. */
interface NodeCrypto {
  createHmac(algorithm: "sha256", key: SecretKey): NodeHmac;
  createSecretKey(key: Uint8Array): SecretKey;
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}
/** What Node calls a `KeyObject`. */
interface SecretKey {
  readonly type: "secret";
}
interface NodeHmac {
  update(message: Message): { digest(encoding: "base64url"): string };
}

/**
 * Makes one from the bytes of a secret: with `node:crypto`, or with Web Crypto, which is slower.
 */
export function createHmac(key: Uint8Array<ArrayBuffer>): Hmac | Promise<Hmac> {
  const node = hostModule("node:crypto") as NodeCrypto | undefined;
  return node === undefined ? importHmac(key) : nodeHmac(node, key);
}

function nodeHmac(node: NodeCrypto, bytes: Uint8Array): Hmac {
  // On Node 24 an HMAC by a key of bytes costs six times as much.
  const key = node.createSecretKey(bytes);
  const sign = (message: Message): string =>
    node.createHmac("sha256", key).update(message).digest("base64url");
  return {
    sign,
    verify(message, mac) {
      const [expected, given] = [encodeUtf8(sign(message)), encodeUtf8(mac)];
      return expected.length === given.length && node.timingSafeEqual(expected, given);
    },
  };
}

async function importHmac(secret: Uint8Array<ArrayBuffer>): Promise<Hmac> {
  const { subtle } = webCrypto();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
  return {
    sign: async (message) =>
      toBase64url(new Uint8Array(await subtle.sign("HMAC", key, toBytes(message)))),
    async verify(message, mac) {
      const given = fromBase64url(mac);
      return given !== undefined && subtle.verify("HMAC", key, given, toBytes(message));
    },
  };
}

const toBytes = (message: Message): Uint8Array<ArrayBuffer> =>
  typeof message === "string" ? encodeUtf8(message) : message;
