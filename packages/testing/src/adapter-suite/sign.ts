import { webCrypto } from "@abstrakt-webhooks/core/adapter";

/** The secret that signs the bodies. */
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Signs a body by the Standard Webhooks specification. Resolves to the headers. */
export async function sign(body: string): Promise<Record<string, string>> {
  const bytes = new TextEncoder().encode(body);
  const seconds = Math.floor(new Date().getTime() / 1_000);
  const prefix = new TextEncoder().encode(`msg_suite.${seconds}.`);
  const message = new Uint8Array(prefix.byteLength + bytes.byteLength);
  message.set(prefix);
  message.set(bytes, prefix.byteLength);
  const secret = Uint8Array.from(atob(SECRET.slice(6)), (character) => character.charCodeAt(0));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const { subtle } = webCrypto();
  const key = await subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  const mac = new Uint8Array(await subtle.sign("HMAC", key, message));
  return {
    "webhook-id": "msg_suite",
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${btoa(String.fromCharCode(...mac))}`,
  };
}
