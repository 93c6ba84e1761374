import { Agent, request } from "node:http";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import type { Answered } from "./history/event.ts";
import { machineMs, type Note } from "./history/history.ts";
import type { Random } from "./random.ts";

/** A provider that sends each result until it is answered 200, and some of them again. */
export interface Sender {
  /** Sends one result on a connection of `agent`, and writes the answer to the history. */
  send(port: number, jobId: string, agent?: Agent): Promise<Pick<Answered, "status" | "duplicate">>;
  /** Sends on that many connections at once, each as soon as it has its answer, until the end. */
  flood(port: number, connections: number, isOver: () => boolean): Promise<void>;
  /** Sends every result without a 200 once more, and some of the others. */
  redeliver(port: number): Promise<void>;
  /** Every acknowledged job. */
  readonly acknowledged: ReadonlySet<string>;
  /** The number of requests. */
  sent(): number;
}

const REPEATS = 0.25;
const FLAKY = 0.2;
const SAMPLE = 50;

export function createSender(note: Note, random: Random, prefix: string): Sender {
  const acknowledged = new Set<string>();
  const recent: string[] = [];
  let owed: string[] = [];
  let jobs = 0;
  let sent = 0;

  const fresh = (): string => {
    jobs += 1;
    return random() < FLAKY
      ? `flaky-${1 + (jobs % 2)}-${prefix}${jobs}`
      : `plain-0-${prefix}${jobs}`;
  };
  const next = (): string => {
    if (recent.length > 0 && random() < REPEATS) {
      return recent[Math.floor(random() * recent.length)] as string;
    }
    return owed.pop() ?? fresh();
  };

  const send: Sender["send"] = async (port, jobId, agent) => {
    sent += 1;
    const sentAtMs = machineMs();
    const { status, text, error } = await post(port, JSON.stringify(payloadOf(jobId)), agent);
    const duplicate = text.includes('"duplicate":true');
    note({ kind: "answered", jobId, status, duplicate, sentAtMs, ...(error && { error }) });
    if (status === 200) {
      if (!acknowledged.has(jobId)) recent.push(jobId);
      if (recent.length > 50) recent.shift();
      acknowledged.add(jobId);
    } else if (!acknowledged.has(jobId) && !owed.includes(jobId)) {
      owed.push(jobId);
    }
    return { status, duplicate };
  };

  return {
    send,
    async flood(port, connections, isOver) {
      const agent = new Agent({ keepAlive: true, maxSockets: connections });
      const sendOn = async (): Promise<void> => {
        while (!isOver()) {
          const { status } = await send(port, next(), agent);
          if (status !== 200) await pause(20);
        }
      };
      await Promise.all(Array.from({ length: connections }, sendOn));
      agent.destroy();
    },
    async redeliver(port) {
      const again = [...owed, ...[...acknowledged].slice(0, SAMPLE)];
      owed = [];
      for (const jobId of again) await send(port, jobId);
    },
    acknowledged,
    sent: () => sent,
  };
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

const payloadOf = (jobId: string) => succeededPayload({ job_id: jobId });

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly error?: string;
}

/** `status` 0 where no whole answer came. Never rejects. */
function post(port: number, body: string, agent?: Agent): Promise<Reply> {
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException): void =>
      resolve({ status: 0, text: "", error: code ?? message });
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sending = request({ port, host: "127.0.0.1", method: "POST", headers, agent });
    sending.once("error", fail);
    sending.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("error", fail);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sending.end(body);
  });
}
