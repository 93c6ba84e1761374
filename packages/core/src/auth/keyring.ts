import { whenReady } from "../when-ready.ts";
import { createHmac, type Hmac } from "./hmac.ts";

/** The keys of some secrets, by their ids. The first signs, and all verify. */
export interface Keyring {
  readonly signer: Key;
  readonly keys: readonly Key[];
  find(id: string): Key | undefined;
}

/** The HMAC of a secret, and its id, which is part of each token. */
export interface Key extends Hmac {
  readonly id: string;
}

/** The length of an id: enough for a few secrets. */
export const KEY_ID_LENGTH = 8;

/** A keyring that is made at its first use. */
export function createKeyring(
  secrets: readonly Uint8Array<ArrayBuffer>[],
): () => Keyring | Promise<Keyring> {
  let ready: Keyring | undefined;
  const toKeyring = (keys: readonly Key[]): Keyring => {
    const byId = new Map(keys.map((key) => [key.id, key]));
    const [signer] = keys as readonly [Key];
    return (ready = { signer, keys, find: (id) => byId.get(id) });
  };
  // It keeps the keyring and not a promise: on Workers a request cannot await another's promise.
  return () => ready ?? whenReady(inOrder(secrets), toKeyring);
}

/** Waits for one after the other. It returns no promise if there is none to wait for. */
function inOrder(secrets: readonly Uint8Array<ArrayBuffer>[]): Key[] | Promise<Key[]> {
  const [first, ...others] = secrets;
  if (first === undefined) return [];
  return whenReady(toKey(first), (key) => whenReady(inOrder(others), (keys) => [key, ...keys]));
}

/** The id is derived from the secret, so that every instance with the secret has the same id. */
const toKey = (secret: Uint8Array<ArrayBuffer>): Key | Promise<Key> =>
  whenReady(createHmac(secret), (hmac) =>
    whenReady(hmac.sign("abstrakt-webhooks key id"), (mac) => ({
      ...hmac,
      id: mac.slice(0, KEY_ID_LENGTH),
    })),
  );
