import { Agent, request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect } from "vitest";
import type { RunningScript } from "./run-script.ts";

const SENDERS = 8;
const WARM_UP = 20;

/**
 * Ends an example by SIGTERM while eight senders deliver, each on its own connection and as fast as
 * it is answered. A sender opens a new connection after an answer with `connection: close`. Expects
 * that no connection broke, and one line of output for each acknowledged result.
 */
export async function expectCleanEnd(app: RunningScript, url: string): Promise<void> {
  const acknowledged: string[] = [];
  const cutOff: unknown[] = [];
  let warm = 0;

  const sendOn = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let sent = 1, goOn = true; goOn; sent += 1) {
      const payload = succeededPayload();
      try {
        const answer = await post(url, agent, JSON.stringify(payload));
        if (answer.statusCode === 200) acknowledged.push(payload.job_id);
        goOn = answer.headers.connection !== "close";
      } catch (error) {
        cutOff.push(error);
        goOn = false;
      }
      if (sent === WARM_UP && (warm += 1) === SENDERS) app.terminate();
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: SENDERS }, sendOn));

  expect(cutOff).toEqual([]);
  expect(await app.ended).toBe(0);
  const handled = [...app.output().matchAll(/^job_\S+(?= succeeded)/gm)].map(String);
  expect(handled.toSorted(byName)).toEqual(acknowledged.toSorted(byName));
}

const byName = (one: string, other: string): number => one.localeCompare(other);

/** Rejects unless the whole answer arrives. */
const post = (url: string, agent: Agent, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sending = request(url, { method: "POST", agent, headers });
    sending.once("error", reject);
    sending.once("response", (answer) => text(answer).then(() => resolve(answer), reject));
    sending.end(body);
  });
