import { request as requestByHttp, type RequestOptions } from "node:http";
import { request as requestByHttps } from "node:https";
import { monotonicClock } from "../clock.ts";

/** How long the provider waits for an answer. */
const PROVIDER_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;

/** What to send. */
export interface Outgoing {
  /** Default POST. */
  readonly method?: string;
  /** Default: JSON. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Default: 10 000, as long as the provider waits. */
  readonly timeoutMs?: number;
}

/** The answer to a request, or why there is none. */
export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** Where a redirect points. */
      readonly location?: string;
      /** The parsed JSON, or the text when it is not JSON. */
      readonly body: unknown;
      readonly ms: number;
    }
  | {
      readonly kind: "failed";
      /** No connection, no answer in time, or a connection that ended before an answer. */
      readonly reason: "unreachable" | "silent" | "cut";
      /** The system's code, such as `ECONNREFUSED`. */
      readonly code: string;
      readonly ms: number;
    };

/** Sends one request. It follows no redirect, repeats nothing and never rejects. */
export function send(url: string, outgoing: Outgoing = {}): Promise<Exchange> {
  const { method = "POST", body = "", timeoutMs = PROVIDER_TIMEOUT_MS } = outgoing;
  const { headers = { "content-type": "application/json" } } = outgoing;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const announced = method === "GET" ? {} : { "content-length": String(bytes.byteLength) };
  const options: RequestOptions = { method, headers: { ...headers, ...announced }, agent: false };
  const request = url.startsWith("https:") ? requestByHttps : requestByHttp;
  const startedAtMs = monotonicClock();
  const elapsedMs = (): number => Math.round(monotonicClock() - startedAtMs);

  return new Promise((resolve) => {
    let connected = false;
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const finish = (): void => {
        clearTimeout(timer);
        const { statusCode: status = 0, headers: answered } = response;
        const { location } = answered;
        const answer = { kind: "answered", status, ms: elapsedMs() } as const;
        resolve({
          ...answer,
          body: toBody(Buffer.concat(chunks).toString()),
          ...(location !== undefined && { location }),
        });
        sent.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if ((length += chunk.byteLength) > MAX_ANSWER_BYTES) finish();
      });
      // An answer that ends early still has a status.
      for (const end of ["end", "error", "close"]) response.once(end, finish);
    });
    const fail = (reason: "unreachable" | "silent" | "cut", code: string): void => {
      clearTimeout(timer);
      resolve({ kind: "failed", reason, code, ms: elapsedMs() });
      sent.destroy();
    };
    const timer = setTimeout(() => fail("silent", "ETIMEDOUT"), timeoutMs);
    sent.once("socket", (socket) => socket.once("connect", () => (connected = true)));
    sent.on("error", ({ code = "ECONNRESET" }: NodeJS.ErrnoException) =>
      fail(connected ? "cut" : "unreachable", code),
    );
    sent.end(bytes);
  });
}

function toBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An exchange as a JSON line. */
export const toRecord = (exchange: Exchange): object =>
  exchange.kind === "answered"
    ? { status: exchange.status, ms: exchange.ms, body: exchange.body }
    : { error: exchange.reason, code: exchange.code, ms: exchange.ms };

/** True if the provider would accept this answer. */
export const isAccepted = (exchange: Exchange): boolean =>
  exchange.kind === "answered" && exchange.status >= 200 && exchange.status < 300;
