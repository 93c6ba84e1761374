import { fileURLToPath } from "node:url";
import type { JobResult } from "@abstrakt-webhooks/express";
import { Queue } from "bullmq";
import { afterAll, describe, it } from "vitest";
import { runHandOffSuite } from "../../../test/support/hand-off-suite.ts";
import { findRedis } from "../../../test/support/redis-server.ts";

const server = await findRedis();

if (server === undefined) {
  describe("BullMQ", () => it.skip("no Redis: set REDIS_URL, or put redis-server on the PATH"));
} else {
  const { url } = server;
  const name = `abstrakt-test-${crypto.randomUUID()}`;
  const queue = new Queue<JobResult>(name, { connection: { url } });
  afterAll(() => server.stop());
  runHandOffSuite("BullMQ", {
    folder: fileURLToPath(new URL("..", import.meta.url)),
    url,
    env: (through) => ({ REDIS_URL: through, QUEUE: name }),
    async jobIds() {
      const states = ["waiting", "active", "completed", "failed", "delayed"] as const;
      return (await queue.getJobs([...states])).map(({ data }) => data.job_id);
    },
    async clean() {
      await queue.obliterate({ force: true });
      await queue.close();
    },
  });
}
