import { readAnswer, type Answer } from "../answer.ts";
import { equal, ok } from "../assert.ts";
import { sleep } from "../sleep.ts";
import type { AdapterTarget, SubjectReport } from "./target.ts";

/** How a request differs from the default POST of a payload. */
export interface SendOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Appended to the endpoint's URL, such as `?token=x`. */
  readonly query?: string;
  readonly signal?: AbortSignal;
  /** Sends the request instead of the target. */
  readonly by?: { fetch(request: Request): Promise<Response> };
}

/** An object is sent as JSON. All other bodies are sent unchanged. */
export type Body =
  | object
  | string
  | Uint8Array<ArrayBuffer>
  | ReadableStream<Uint8Array>
  | undefined;

/** One test's endpoint, with the helpers that the tests use. */
export interface TestEndpoint {
  readonly target: AdapterTarget;
  /** Sends a request. Fails if the answer is late or breaks a rule that all answers must keep. */
  send(body: Body, o?: SendOptions): Promise<Answer>;
  /** Waits for a report that meets the condition. */
  until(what: string, holds: (report: SubjectReport) => boolean): Promise<SubjectReport>;
  /**
   * Fails unless the answer has this status and code, the event has this reason (by default
   * `code`), and no row or call exists.
   */
  refused(answer: Answer, status: number, code: string, reason?: string): Promise<void>;
}

const DEFAULT_URL = "http://localhost/api/abstrakt-webhook";
const POLL_MS = 5;
/** No answer may have these statuses, which a provider may take as final, or these secrets. */
const NEVER = { statuses: [409, 422], texts: ["suite-", "cdn.abstrakt.one"] };

export function createTestEndpoint(target: AdapterTarget, patienceMs: number): TestEndpoint {
  const send = async (body: Body, o: SendOptions = {}): Promise<Answer> => {
    const request = toRequest((target.url ?? DEFAULT_URL) + (o.query ?? ""), body, o);
    const client = o.by ?? target;
    const response = client.fetch ? client.fetch(request) : fetch(request);
    const answer = await inTime(Promise.resolve(response).then(readAnswer), patienceMs);
    checkEveryAnswer(answer);
    return answer;
  };

  const until: TestEndpoint["until"] = async (what, holds) => {
    const endMs = performance.now() + patienceMs;
    for (;;) {
      const report = await target.report();
      if (holds(report)) return report;
      ok(performance.now() < endMs, `${what} within ${patienceMs} ms`);
      await sleep(POLL_MS);
    }
  };

  return {
    target,
    send,
    until,
    async refused(answer, status, code, reason = code) {
      equal(answer.status, status, "status");
      const { received, error, ...rest } = answer.body as Record<string, unknown>;
      const { message, ...named } = error as Record<string, unknown>;
      equal(
        { received, ...named, ...rest },
        { received: false, code },
        "body, apart from `message`",
      );
      ok(typeof message === "string" && message !== "", "`error.message` to be a sentence");
      const { records, calls, refusals } = await target.report();
      equal(
        { records, calls, refusals },
        { records: [], calls: [], refusals: [reason] },
        "left behind",
      );
    },
  };
}

function toRequest(
  url: string,
  body: Body,
  { method = "POST", headers, signal }: SendOptions,
): Request {
  const raw =
    body === undefined ||
    typeof body === "string" ||
    body instanceof Uint8Array ||
    body instanceof ReadableStream;
  const init: RequestInit & { duplex: "half" } = {
    method,
    duplex: "half",
    headers: { ...(!raw && { "content-type": "application/json" }), ...headers },
    ...(signal && { signal }),
  };
  if (body === undefined) return new Request(url, init);
  return new Request(url, { ...init, body: raw ? body : JSON.stringify(body) });
}

function checkEveryAnswer({ status, headers, body }: Answer): void {
  ok(!NEVER.statuses.includes(status), `an answer that is never ${status}`);
  const type = headers["content-type"] ?? "";
  ok(
    type.startsWith("application/json"),
    `an answer in JSON, not ${status} in ${type || "no type"}`,
  );
  const text = JSON.stringify(body);
  for (const secret of NEVER.texts) ok(!text.includes(secret), `an answer without ${secret}`);
}

/** Settles as `work` does, or rejects after `patienceMs`. */
async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  const stop = new AbortController();
  const late = sleep(patienceMs, stop.signal).then(() => {
    throw new Error(`expected an answer within ${patienceMs} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => undefined);
    stop.abort();
  }
}
