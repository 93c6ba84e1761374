import { describe, requireFunction, requireInteger, requireKnown } from "../checks.ts";
import { wallClock } from "../clock.ts";
import { fromBase64, toUrlAlphabet } from "../encoding.ts";
import { checkedFor, invalidOptions } from "../errors.ts";
import { whenReady } from "../when-ready.ts";
import type { Auth, RequestHead } from "./auth.ts";
import { createKeyring, type Key } from "./keyring.ts";
import { readSecrets } from "./secrets.ts";
import { EXPIRED_ADVICE, WRONG_SIGNATURE_ADVICE, type Refusal } from "./verdict.ts";

/** What `standardWebhooks` takes. */
export interface StandardWebhooksOptions {
  /**
   * At least one, each in base64 of at least 24 bytes, with or without `whsec_` before it. A
   * signature by any one of them is accepted. The type allows `undefined`, because an environment
   * variable may be missing. It is refused.
   */
  readonly secrets: readonly (string | undefined)[];
  /** How far `webhook-timestamp` may be from this host's time. Default 300 000 (five minutes). */
  readonly toleranceMs?: number | undefined;
  /** Wall time in milliseconds; for tests. */
  readonly clock?: (() => number) | undefined;
}

/** An auth that verifies the body's signature. */
export interface StandardWebhooksAuth extends Auth {
  readonly verify: NonNullable<Auth["verify"]>;
}

const OPTION_NAMES = ["secrets", "toleranceMs", "clock"];
const FIVE_MINUTES_MS = 300_000;
const LEAST_SECRET_BYTES = 24;
/** More than a change of secrets needs. Each secret costs a hash of the whole body. */
const MAX_SIGNATURES = 10;

/**
 * Trusts a body that is signed as the Standard Webhooks specification says: `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`, with HMAC-SHA-256 (`v1`). It is for a relay that
 * signs what it passes on: the provider itself signs nothing.
 *
 * It needs the body as it came, so mount no parser that leaves only a parsed value. It does not
 * remember ids: a delivery that is replayed within the tolerance is a duplicate of its job.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @throws AbstraktWebhookError `invalid_options`.
 *
 * @example
 * ```ts
 * createReceiver({ auth: standardWebhooks({ secrets: [process.env.RELAY_SECRET] }) });
 * ```
 */
export function standardWebhooks(options: StandardWebhooksOptions): StandardWebhooksAuth {
  const settings = checkedFor(standardWebhooks, () => readOptions(options));
  const { secrets, toleranceMs, clock } = settings;
  const keyring = createKeyring(secrets);

  return {
    advice: ADVICE,
    verify(body, head) {
      const signed = readSignature(head);
      if ("refused" in signed) return signed;
      const offMs = Math.abs(clock() - 1_000 * Number(signed.timestamp));
      // Not `>`: a clock that says NaN must refuse.
      if (!(offMs <= toleranceMs)) return EXPIRED;
      const message: Message = [`${signed.id}.${signed.timestamp}.`, body];
      return whenReady(keyring(), ({ keys }) => {
        const pairs = keys.flatMap((key) => signed.macs.map((mac) => ({ key, mac })));
        return whenReady(someFits(pairs, message), (yes) => yes || WRONG);
      });
    },
  };
}

function readOptions(options: StandardWebhooksOptions) {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected options such as { secrets }, got ${describe(options)}.`);
  }
  requireKnown("", OPTION_NAMES, options);
  const { toleranceMs = FIVE_MINUTES_MS, clock = wallClock } = options;
  const secrets = readSecrets(options.secrets, EXPECTED_SECRET, toKeyBytes);
  requireInteger("toleranceMs", toleranceMs, 1);
  requireFunction("clock", clock);
  return { secrets, toleranceMs, clock };
}

/** The parts of the signature in a request's head. */
interface Signature {
  readonly id: string;
  readonly timestamp: string;
  /** In base64url. */
  readonly macs: readonly string[];
}

function readSignature(head: RequestHead): Signature | Refusal {
  const id = head.header("webhook-id");
  const timestamp = head.header("webhook-timestamp");
  const list = head.header("webhook-signature");
  if (!id || !timestamp || !list) return MISSING;
  const macs = list.split(" ").flatMap((one) => V1.exec(one)?.[1] ?? []);
  const isUsable = macs.length > 0 && macs.length <= MAX_SIGNATURES;
  // With a full stop in the id, two different requests could have the same signed text.
  if (!isUsable || id.includes(".") || !/^\d{1,12}$/.test(timestamp)) return MALFORMED;
  return { id, timestamp, macs: macs.map(toUrlAlphabet) };
}

const V1 = /^v1,([A-Za-z0-9+/]{43})=$/;

const MISSING: Refusal = { refused: "missing_signature" };
const MALFORMED: Refusal = { refused: "malformed_signature" };
const EXPIRED: Refusal = { refused: "expired" };
const WRONG: Refusal = { refused: "wrong_signature" };

const ADVICE = {
  missing_signature:
    "It has no `webhook-id`, `webhook-timestamp` and `webhook-signature`: does the sender sign, and does every proxy pass these headers on?",
  malformed_signature:
    "Its `webhook-` headers are not those of the Standard Webhooks specification: the receiver knows `v1` signatures alone.",
  expired: EXPIRED_ADVICE,
  wrong_signature: WRONG_SIGNATURE_ADVICE,
};

/** Text, and the body after it. */
type Message = readonly [string, Uint8Array];

/** Whether one of the MACs is right. It returns a promise only if the host needs one. */
function someFits(
  pairs: readonly { readonly key: Key; readonly mac: string }[],
  message: Message,
): boolean | Promise<boolean> {
  const [first, ...others] = pairs;
  if (first === undefined) return false;
  return whenReady<boolean, boolean>(
    first.key.verify(first.mac, ...message),
    (yes) => yes || someFits(others, message),
  );
}

const EXPECTED_SECRET = `base64 of at least ${LEAST_SECRET_BYTES} bytes, with or without \`whsec_\` before it`;

function toKeyBytes(secret: string): Uint8Array<ArrayBuffer> | string {
  const bytes = fromBase64(secret.replace(/^whsec_/, ""));
  if (bytes === undefined) return "text that is not base64";
  return bytes.byteLength < LEAST_SECRET_BYTES ? `${bytes.byteLength} bytes` : bytes;
}
