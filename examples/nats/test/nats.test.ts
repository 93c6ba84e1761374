import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { JobResult } from "@abstrakt-webhooks/express";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  runHandOffSuite,
  runOutageSuite,
  type HandOff,
} from "../../../test/support/hand-off-suite.ts";
import { createNats, findNats } from "../../../test/support/nats-server.ts";
import { runScript } from "../../../test/support/run-script.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const server = await findNats();

if (server === undefined) {
  describe("NATS", () => it.skip("no NATS: set NATS_URL, or put nats-server on the PATH"));
} else {
  const stream = `test-${crypto.randomUUID()}`;
  const nats = await connect({ servers: server.url });
  const manager = await jetstreamManager(nats);
  afterAll(() => server.stop());
  const example: HandOff = {
    folder,
    url: server.url,
    env: (through) => ({ NATS_URL: through, STREAM: stream }),
    jobIds: () => jobIdsIn(manager, stream),
    async clean() {
      await manager.streams.delete(stream);
      await nats.close();
    },
  };
  runHandOffSuite("NATS", example);
  runOutageSuite("NATS", example);
}

const cluster = await createNats();

describe.skipIf(cluster === undefined)("nats-server on the PATH", () => {
  afterAll(() => cluster?.remove());

  it("keeps an acknowledged result through kill -9, and gets the refused one after it", async () => {
    if (cluster === undefined) return;
    const killed = await cluster.start();
    const env = { PORT: "0", NATS_URL: cluster.url, STREAM: "RESULTS" };
    const app = runScript(folder, "start", { env });
    const [url] = await app.seen(/http:\S+webhook/);
    const [before, during] = [succeededPayload(), succeededPayload()];
    expect((await deliver(url, before))[0]?.status).toBe(200);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect((await deliver(url, during))[0]?.status).toBe(503);

    const restarted = await cluster.start();
    const nats = await connect({ servers: cluster.url });
    onTestFinished(async () => {
      await nats.close();
      restarted.kill("SIGKILL");
      await once(restarted, "exit");
    });
    const manager = await jetstreamManager(nats);
    const expected = [before.job_id, during.job_id];
    await vi.waitFor(
      async () => expect(await jobIdsIn(manager, "RESULTS")).toEqual(expected),
      20_000,
    );
  });
});

/** The job ids of all messages, also of those that a worker has acknowledged. */
async function jobIdsIn({ streams }: JetStreamManager, stream: string): Promise<string[]> {
  const { first_seq: first, last_seq: last } = (await streams.info(stream)).state;
  const ids: string[] = [];
  for (let seq = first; seq <= last; seq++) {
    const message = await streams.getMessage(stream, { seq });
    if (message !== null) ids.push(message.json<JobResult>().job_id);
  }
  return ids;
}
