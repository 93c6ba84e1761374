import { connect } from "node:net";
import { PATH } from "./mounted.ts";

const SILENCE_MS = 5_000;
const ACCEPTED = '\r\n\r\n{"received":true}';

/** What came of a load. Every answer of it was a 200 with the expected body. */
export interface Load {
  readonly answered: number;
  readonly elapsedMs: number;
}

/**
 * Delivers results on keep-alive connections, one request in flight on each, every one with a job
 * id of its own. Written on bare sockets, so that the load costs less than the server.
 *
 * @throws Error on the first wrong, late or missing answer.
 */
export async function runLoad(o: {
  port: number;
  connections: number;
  durationMs: number;
  nextJobId: () => string;
}): Promise<Load> {
  const startedAtMs = performance.now();
  const untilMs = startedAtMs + o.durationMs;
  const counts = await Promise.all(
    Array.from({ length: o.connections }, () => drive(o.port, untilMs, o.nextJobId)),
  );
  const answered = counts.reduce((sum, count) => sum + count, 0);
  return { answered, elapsedMs: performance.now() - startedAtMs };
}

function drive(port: number, untilMs: number, nextJobId: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let answered = 0;
    let answer = "";
    const send = (): void => void socket.write(deliveryOf(nextJobId()), "latin1");
    socket.on("connect", send);
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (!answer.endsWith(ACCEPTED) || !answer.startsWith("HTTP/1.1 200 ")) return;
      answer = "";
      answered += 1;
      if (performance.now() < untilMs) return send();
      resolve(answered);
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`The server closed a connection. ${answer}`)));
    socket.setTimeout(SILENCE_MS, () => {
      reject(new Error(`Expected 200 {"received":true} within ${SILENCE_MS} ms, got: ${answer}`));
      socket.destroy();
    });
  });
}

/** The documented success payload, as the provider posts it. */
function deliveryOf(jobId: string): string {
  const body = `{"job_id":"${jobId}","status":"succeeded","output":{"type":"image","items":[{"type":"image","url":"https://cdn.abstrakt.one/outputs/${jobId}.png"}]},"credits_used":1,"completed_at":"2026-02-08T10:30:45Z"}`;
  return `POST ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
