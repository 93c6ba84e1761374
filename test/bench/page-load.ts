/**
 * The process of a steady load: `page-load.js <url>`. Every message is a time in seconds; it delivers
 * `PER_SECOND` results in each of them, and answers how many were accepted. Ends with its parent.
 *
 * @module
 */
import { Agent, request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCEPTED, postBy } from "./delivery.ts";

const PER_SECOND = 500;

const url = process.argv[2] ?? "";
let jobs = 0;

process.on("disconnect", () => process.exit());
process.on("message", (seconds) => void run(seconds as number));

async function run(seconds: number): Promise<void> {
  // A new one each time, because the server closes connections that rested for five seconds.
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const start = performance.now();
  const sent: Promise<void>[] = [];
  for (const total = seconds * PER_SECOND; sent.length < total; await sleep(5)) {
    const due = Math.min(total, ((performance.now() - start) / 1_000) * PER_SECOND);
    while (sent.length < due) sent.push(deliver(agent));
  }
  await Promise.all(sent);
  agent.destroy();
  process.send?.(sent.length);
}

async function deliver(agent: Agent): Promise<void> {
  const { body, headers } = postBy.unsigned(jobs++);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const all = { ...headers, "content-length": body.length };
    request(url, { method: "POST", agent, headers: all }, resolve).on("error", reject).end(body);
  });
  const answer = `${response.statusCode} ${await text(response)}`;
  if (answer !== `200 ${ACCEPTED}`) throw new Error(`Expected 200 ${ACCEPTED}, got ${answer}.`);
}
