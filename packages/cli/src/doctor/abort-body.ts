import { request as requestByHttp } from "node:http";
import { request as requestByHttps } from "node:https";

const SENT_PAUSE_MS = 50;

/** Announces a body, sends half of it and ends the connection. Resolves when it has ended. */
export function abortBody(url: string): Promise<void> {
  const request = url.startsWith("https:") ? requestByHttps : requestByHttp;
  const headers = { "content-type": "application/json", "content-length": "1000" };
  return new Promise((resolve) => {
    const sent = request(url, { method: "POST", headers, agent: false });
    sent.once("close", resolve);
    sent.once("error", () => resolve());
    sent.write('{"job_id":"doctor_', () => setTimeout(() => sent.destroy(), SENT_PAUSE_MS));
  });
}
