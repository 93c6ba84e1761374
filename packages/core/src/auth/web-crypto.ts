import { unsupported } from "../errors.ts";
import { hostGlobal, hostModule } from "../host-globals.ts";

/**
 * The host's Web Crypto. A Node that was built without OpenSSL has none, and some simulated browsers
 * have one without `subtle`.
 *
 * @throws AbstraktWebhookError `unsupported`
 */
export function webCrypto(): Crypto {
  const ofHost = hostGlobal("crypto") as Partial<Crypto> | undefined;
  if (ofHost?.subtle !== undefined) return ofHost as Crypto;
  const node = hostModule("node:crypto") as { readonly webcrypto?: Crypto } | undefined;
  if (node?.webcrypto !== undefined) return node.webcrypto;
  throw unsupported(
    "Expected the host to have `crypto` with `crypto.subtle`, got none. Run a Node that was built with OpenSSL, or a host with Web Crypto.",
  );
}

/** @throws AbstraktWebhookError `unsupported` */
export const randomBytes = (length: number): Uint8Array =>
  webCrypto().getRandomValues(new Uint8Array(length));
