import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { JobResult } from "@abstrakt-webhooks/express";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { connect, type ChannelModel } from "amqplib";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  runHandOffSuite,
  runOutageSuite,
  type HandOff,
} from "../../../test/support/hand-off-suite.ts";
import { createRabbitMq, findRabbitMq } from "../../../test/support/rabbitmq-server.ts";
import { runScript } from "../../../test/support/run-script.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const url = await findRabbitMq();

if (url === undefined) {
  describe("RabbitMQ", () => it.skip("no RabbitMQ: set AMQP_URL, or start rabbitmq-server"));
} else {
  const queue = `abstrakt-test-${crypto.randomUUID()}`;
  const data = mkdtempSync(join(tmpdir(), "abstrakt-webhooks-rabbitmq-"));
  const connection = await connect(url);
  const example: HandOff = {
    folder,
    url,
    env: (through) => ({ AMQP_URL: through, QUEUE: queue, DATABASE: join(data, "jobs.db") }),
    jobIds: () => jobIdsIn(connection, queue),
    copies: 2,
    removesDone: true,
    async clean() {
      const channel = await connection.createChannel();
      await channel.deleteQueue(queue);
      await connection.close();
      rmSync(data, { recursive: true });
    },
  };
  runHandOffSuite("RabbitMQ", example);
  runOutageSuite("RabbitMQ", example);

  it("answers 503 if no queue takes the message, although RabbitMQ confirms it", async () => {
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

const cluster = await createRabbitMq();

/**
 * RabbitMQ 3.10 writes a quorum queue's state to the disk every few seconds only. After a kill in the
 * first seconds of a queue, the queue has no leader and confirms nothing.
 */
const QUEUE_WRITTEN_MS = 8_000;

/** The receiver tries a refused result again, after a minute at most. */
const OUTAGES = { timeout: 480_000 };

describe.skipIf(cluster === undefined)("rabbitmq-server on this machine", OUTAGES, () => {
  afterAll(() => cluster?.remove());

  it("keeps each confirmed result through kill -9, and gets the others after it", async () => {
    if (cluster === undefined) return;
    let server = await cluster.start();
    onTestFinished(async () => {
      server.kill("SIGKILL");
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    });
    const app = runScript(folder, "start", { env: { PORT: "0", AMQP_URL: cluster.url } });
    const [endpoint] = await app.seen(/http:\S+webhook/);

    const confirmed: string[] = [];
    const refused: string[] = [];
    /** Delivers one result after the other, each once, until three results were refused. */
    const sendUntilDown = async (): Promise<void> => {
      for (let down = 0; down < 3;) {
        const payload = succeededPayload();
        const [answer] = await deliver(endpoint, payload);
        (answer?.status === 200 ? confirmed : refused).push(payload.job_id);
        if (answer?.status !== 200) down += 1;
      }
    };
    for (let kills = 1; kills <= 2; kills += 1) {
      const before = confirmed.length;
      const senders = Array.from({ length: 5 }, sendUntilDown);
      await vi.waitFor(() => expect(confirmed.length).toBeGreaterThan(before + 20), 20_000);
      await sleep(QUEUE_WRITTEN_MS);
      server.kill("SIGKILL");
      await once(server, "exit");
      await Promise.all(senders);
      server = await cluster.start();
      await isTaken(endpoint);
    }

    const connection = await connect(cluster.url);
    onTestFinished(() => connection.close());
    await vi.waitFor(async () => {
      const ids = new Set(await jobIdsIn(connection, "abstrakt-results"));
      expect(confirmed.filter((id) => !ids.has(id))).toEqual([]);
      expect(refused.filter((id) => !ids.has(id))).toEqual([]);
    }, 150_000);
    expect(refused.length).toBeGreaterThan(0);
  });
});

/** Resolves when the endpoint answers 200 again. */
const isTaken = (endpoint: string) =>
  vi.waitFor(
    async () => expect((await deliver(endpoint, succeededPayload()))[0]?.status).toBe(200),
    60_000,
  );

/** The job ids of all messages in the queue. The messages stay there. */
async function jobIdsIn(connection: ChannelModel, queue: string): Promise<string[]> {
  const channel = await connection.createChannel();
  const ids: string[] = [];
  for (;;) {
    const message = await channel.get(queue);
    if (message === false) break;
    ids.push((JSON.parse(message.content.toString()) as JobResult).job_id);
  }
  await channel.close(); // returns the messages to the queue
  return ids;
}
