import { whenReady } from "../when-ready.ts";
import { createHmac, type Hmac } from "./hmac.ts";

/** The keys of some secrets by their ids. The first signs, all verify. */
export interface Keyring {
  readonly signer: Key;
  readonly keys: readonly Key[];
  find(id: string): Key | undefined;
}

/** A secret's HMAC under the id that tokens name it by. */
export interface Key extends Hmac {
  readonly id: string;
}

/** Enough to tell a few secrets apart. */
export const KEY_ID_LENGTH = 8;

/** A keyring that is made when it is first asked for. */
export function createKeyring(
  secrets: readonly Uint8Array<ArrayBuffer>[],
): () => Keyring | Promise<Keyring> {
  let ready: Keyring | undefined;
  const toKeyring = (keys: readonly Key[]): Keyring => {
    const byId = new Map(keys.map((key) => [key.id, key]));
    const [signer] = keys as readonly [Key];
    return (ready = { signer, keys, find: (id) => byId.get(id) });
  };
  // It is the keyring that is kept, not a promise: on Workers no request can wait for another's.
  return () => ready ?? whenReady(inOrder(secrets), toKeyring);
}

/** One after the other, and at once where every one is there at once. */
function inOrder(secrets: readonly Uint8Array<ArrayBuffer>[]): Key[] | Promise<Key[]> {
  const [first, ...others] = secrets;
  if (first === undefined) return [];
  return whenReady(toKey(first), (key) => whenReady(inOrder(others), (keys) => [key, ...keys]));
}

/** The id is derived, so that every instance with the same secret finds it. */
const toKey = (secret: Uint8Array<ArrayBuffer>): Key | Promise<Key> =>
  whenReady(createHmac(secret), (hmac) =>
    whenReady(hmac.sign("abstrakt-webhooks key id"), (mac) => ({
      ...hmac,
      id: mac.slice(0, KEY_ID_LENGTH),
    })),
  );
