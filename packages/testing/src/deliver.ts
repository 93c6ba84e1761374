import { expected, requireInteger } from "@abstrakt-webhooks/core/adapter";
import { readAnswer, type Answer } from "./answer.ts";
import { requireDelay, requireOptions } from "./checks.ts";
import { sleep } from "./sleep.ts";

/** An object that answers a Web request, such as a receiver, a Hono app or a worker. */
export interface FetchTarget {
  fetch(request: Request): Response | Promise<Response>;
}

/** How `deliver` sends. */
export interface DeliverOptions {
  /** The total number of requests, at least 1. Default: the value of `concurrent`. */
  readonly times?: number | undefined;
  /** The maximum number of requests without an answer. Default 1: one request after the other. */
  readonly concurrent?: number | undefined;
  /** The pause between an answer and the next request, in milliseconds. Default 0. */
  readonly delayMs?: number | undefined;
  /** The URL if the target is an object. Default `http://localhost/api/abstrakt-webhook`. */
  readonly url?: string | undefined;
}

const NAMES: readonly string[] = [
  "times",
  "concurrent",
  "delayMs",
  "url",
] satisfies (keyof DeliverOptions)[];
const DEFAULT_URL = "http://localhost/api/abstrakt-webhook";

/**
 * Posts a payload to a webhook endpoint as the provider does. Returns the answers in the order of
 * sending. Rejects when the endpoint cannot be reached or the target's `fetch` rejects, and with
 * `invalid_options` when an option is unknown or out of range.
 *
 * @param target an endpoint's URL, or anything with `fetch(request)`.
 * @param payload an object, sent as JSON; or text or bytes, sent as they are.
 *
 * @example
 * ```ts
 * const payload = succeededPayload();
 * const [first] = await deliver("http://localhost:3000/api/abstrakt-webhook", payload);
 * const storm = await deliver(receiver, payload, { concurrent: 1_000 });
 * ```
 */
export async function deliver(
  target: string | FetchTarget,
  payload: object | string | Uint8Array,
  options: DeliverOptions = {},
): Promise<Answer[]> {
  requireOptions("", NAMES, options);
  const { concurrent = 1, times = concurrent, delayMs = 0, url = DEFAULT_URL } = options;
  requireInteger("concurrent", concurrent, 1);
  requireInteger("times", times, 1);
  requireDelay("delayMs", delayMs);
  requireTarget(target);
  const body = toBody(payload);
  const answers: Answer[] = [];
  let next = 0;

  const send = async (): Promise<Answer> => {
    const request = new Request(typeof target === "string" ? target : url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return readAnswer(await (typeof target === "string" ? fetch(request) : target.fetch(request)));
  };

  const sendInTurn = async (): Promise<void> => {
    while (next < times) {
      const index = next++;
      if (index >= concurrent && delayMs > 0) await sleep(delayMs);
      answers[index] = await send();
    }
  };

  await Promise.all(Array.from({ length: Math.min(concurrent, times) }, sendInTurn));
  return answers;
}

function requireTarget(target: unknown): void {
  if (typeof target === "string") return;
  if (typeof (target as Partial<FetchTarget> | undefined)?.fetch === "function") return;
  throw expected("target", "a URL or an object with `fetch`", target);
}

function toBody(payload: object | string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  if (typeof payload === "string") return payload;
  if (typeof payload !== "object" || payload === null) {
    throw expected("payload", "an object, text or bytes", payload);
  }
  return payload instanceof Uint8Array ? Uint8Array.from(payload) : JSON.stringify(payload);
}
