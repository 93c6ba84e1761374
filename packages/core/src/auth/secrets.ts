import { describe } from "../checks.ts";
import { invalidOptions } from "../errors.ts";

/**
 * Checks a list of at least one secret. `read` turns a secret into its key, or returns a text that
 * says what it got instead of `expected`.
 *
 * @throws AbstraktWebhookError `invalid_options`, without the secret.
 */
export function readSecrets(
  secrets: unknown,
  expected: string,
  read: (secret: string) => Uint8Array<ArrayBuffer> | string,
): readonly Uint8Array<ArrayBuffer>[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    const came = Array.isArray(secrets) ? "an empty one" : describe(secrets);
    throw invalidOptions(`Expected \`secrets\` to be a list of at least one secret, got ${came}.`);
  }
  return secrets.map((secret: unknown, index) => {
    const isUnset = secret === undefined || secret === "";
    const key = typeof secret === "string" && !isUnset ? read(secret) : nothing(secret);
    if (typeof key !== "string") return key;
    const hint = isUnset ? " Is the environment variable set?" : "";
    throw invalidOptions(
      `Expected \`secrets[${index}]\` to be ${expected}, got ${key}.${hint} Make one with: openssl rand -base64 32`,
    );
  });
}

const nothing = (secret: unknown): string => (secret === "" ? "empty text" : describe(secret));
