import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JobResult } from "@abstrakt-webhooks/express";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { connect } from "amqplib";
import { describe, expect, it } from "vitest";
import {
  runHandOffSuite,
  runOutageSuite,
  type HandOff,
} from "../../../test/support/hand-off-suite.ts";
import { findRabbitMq } from "../../../test/support/rabbitmq-server.ts";
import { runScript } from "../../../test/support/run-script.ts";

const url = await findRabbitMq();

if (url === undefined) {
  describe("RabbitMQ", () => it.skip("no RabbitMQ: set AMQP_URL, or start rabbitmq-server"));
} else {
  const queue = `abstrakt-test-${crypto.randomUUID()}`;
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-webhooks-rabbitmq-"));
  const connection = await connect(url);
  const example: HandOff = {
    folder: fileURLToPath(new URL("..", import.meta.url)),
    url,
    env: (through) => ({ AMQP_URL: through, QUEUE: queue, DATABASE: join(folder, "jobs.db") }),
    async jobIds() {
      const channel = await connection.createChannel();
      const ids: string[] = [];
      for (;;) {
        const message = await channel.get(queue);
        if (message === false) break;
        ids.push((JSON.parse(message.content.toString()) as JobResult).job_id);
      }
      await channel.close(); // which puts them back
      return ids;
    },
    copies: 2,
    removesDone: true,
    async clean() {
      const channel = await connection.createChannel();
      await channel.deleteQueue(queue);
      await connection.close();
      rmSync(folder, { recursive: true });
    },
  };
  runHandOffSuite("RabbitMQ", example);
  runOutageSuite("RabbitMQ", example);

  it("a message that no queue took is no 200, although RabbitMQ confirms it", async () => {
    const env = { PORT: "0", ...example.env(url) };
    const [endpoint] = await runScript(example.folder, "start", { env }).seen(/http:\S+webhook/);
    const channel = await connection.createChannel();
    await channel.deleteQueue(queue);
    await channel.close();
    const payload = succeededPayload();
    expect((await deliver(endpoint, payload))[0]?.status).toBe(503);
    expect((await deliver(endpoint, payload))[0]?.status).toBe(200);
    expect(await example.jobIds()).toEqual([payload.job_id]);
  });
}
