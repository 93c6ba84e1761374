import type { ApiRequest } from "./api-request.ts";
import { readText } from "./read-text.ts";
import type { Settings } from "./settings.ts";
import { describeFailure } from "./transport-failure.ts";

/** The result of sending a request once. */
export type Exchange =
  /** The provider answered. `text` is undefined when the body is too long or not UTF-8. */
  | {
      readonly kind: "answer";
      readonly status: number;
      header(name: string): string | null;
      readonly text: string | undefined;
    }
  /** No answer, or only part of one. `sent` is false only when no byte can have been sent. */
  | {
      readonly kind: "failure";
      readonly reason: string;
      readonly sent: boolean;
      readonly status?: number;
    };

/** Sends a request once. Never rejects. */
export async function exchange(
  { baseUrl, apiKey, fetch }: Settings,
  { method, path, body }: ApiRequest,
  signal: AbortSignal,
): Promise<Exchange> {
  let status: number | undefined;
  try {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body }),
      // The key must not be sent to the target of a redirect.
      redirect: "manual",
      signal,
    });
    status = response.status;
    const text = await readText(response);
    const header = (name: string): string | null => response.headers.get(name);
    return { kind: "answer", status, header, text };
  } catch (thrown) {
    const failure = describeFailure(thrown);
    return status === undefined
      ? { kind: "failure", ...failure }
      : { kind: "failure", reason: failure.reason, sent: true, status };
  }
}
