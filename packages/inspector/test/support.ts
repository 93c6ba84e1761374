import { createReceiver, memoryStore, type Receiver } from "@abstrakt-webhooks/core";
import { inspector, type Inspector, type InspectorOptions } from "../src/index.ts";

const ORIGIN = "http://app.test";

/** A receiver with a page at `/webhooks`. */
export interface Opened {
  readonly receiver: Receiver;
  readonly page: Inspector;
  /** The ids of the jobs whose callback was called. */
  readonly handled: string[];
  /** Jobs whose callback throws. */
  readonly broken: Set<string>;
  get(path?: string, headers?: Record<string, string>): Promise<Response>;
  text(path?: string, headers?: Record<string, string>): Promise<string>;
  /** Posts a form as a browser on the page would. */
  post(
    path: string,
    form?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  deliver(payload: object): Promise<unknown>;
}

/** Opens a page that everyone may see. */
export function open(options: Partial<InspectorOptions> = {}): Opened {
  const handled: string[] = [];
  const broken = new Set<string>();
  const handle = ({ job_id }: { job_id: string }): void => {
    handled.push(job_id);
    if (broken.has(job_id)) throw new Error("the archive is down");
  };
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    retry: { maxAttempts: 1 },
    onEvent: () => undefined,
    onSucceeded: handle,
    onFailed: handle,
  });
  const page = inspector(receiver, { authorize: () => true, ...options });
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    page.fetch(new Request(ORIGIN + path, init));
  const get: Opened["get"] = (path = "/webhooks", headers = {}) => ask(path, { headers });
  return {
    receiver,
    page,
    handled,
    broken,
    get,
    text: async (path, headers) => (await get(path, headers)).text(),
    post: (path, form = {}, headers = { "sec-fetch-site": "same-origin" }) =>
      ask(path, { method: "POST", headers, body: new URLSearchParams(form) }),
    async deliver(payload) {
      const request = new Request(`${ORIGIN}/hook`, {
        method: "POST",
        body: JSON.stringify(payload),
      });
      const answer = await receiver.fetch(request);
      await receiver.idle();
      return answer.json();
    },
  };
}

/** A result with one picture. */
export const picture = (jobId: string, url = `https://cdn.test/${jobId}.png?signature=s3cr3t`) => ({
  job_id: jobId,
  status: "succeeded",
  output: { type: "image", items: [{ type: "image", url }] },
});

/** A failure. */
export const failure = (jobId: string, message = "no credits") => ({
  job_id: jobId,
  status: "failed",
  error: { code: "PROVIDER_FAILURE", message },
});

/** The text of a page without its tags. */
export const words = (html: string): string =>
  html
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .replaceAll("&quot;", '"');
