import {
  describe,
  invalidOptions,
  requireFunction,
  requireInteger,
  requireKnown,
} from "@abstrakt-webhooks/core/store";
import type { SendRequest } from "../settings.ts";
import { toRefusalOf, type RefusalOf } from "./hosts.ts";

/** Options of `fetchOutputs`. */
export interface FetchOutputsOptions {
  /**
   * The hosts of the files: exact names, such as `"cdn.example.com"` or `"localhost:9000"`. A name
   * without a port allows the default port, and any port if it is a loopback host. `"*"` allows
   * every public https name, but no loopback host, no IP address and no name without a dot.
   */
  readonly hosts: readonly string[] | "*";
  /** The maximum size of a file, in bytes that are read. Default 2 147 483 648 (2 GiB). */
  readonly maxBytes?: number | undefined;
  /** A download fails when the server sends no byte for this time. Default 60 000. */
  readonly timeoutMs?: number | undefined;
  /** When it aborts, the iteration and the body end with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: SendRequest | undefined;
}

/** The options, checked and with defaults. */
export interface OutputSettings {
  readonly refusalOf: RefusalOf;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly fetch: SendRequest;
}

const NAMES: readonly string[] = [
  "hosts",
  "maxBytes",
  "timeoutMs",
  "signal",
  "fetch",
] satisfies (keyof FetchOutputsOptions)[];
const MAX_BYTES = 2 ** 31;
const TIMEOUT_MS = 60_000;
/** The maximum delay of `setTimeout`. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** @throws AbstraktWebhookError `invalid_options` */
export function toOutputSettings(options: FetchOutputsOptions): OutputSettings {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected options such as { hosts }, got ${describe(options)}.`);
  }
  requireKnown("", NAMES, options);
  const { hosts, maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS, signal } = options;
  requireInteger("maxBytes", maxBytes, 1);
  requireInteger("timeoutMs", timeoutMs, 1);
  if (options.fetch !== undefined) requireFunction("fetch", options.fetch);
  return {
    refusalOf: toRefusalOf(hosts),
    maxBytes,
    timeoutMs: Math.min(timeoutMs, MAX_TIMEOUT_MS),
    signal,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
  };
}
