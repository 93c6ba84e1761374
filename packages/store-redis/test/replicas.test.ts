import { createReceiver } from "@abstrakt-webhooks/core";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, expect, it } from "vitest";
import { startRedis } from "../../../test/support/redis-server.ts";
import { HELD, onRedis, result } from "./on-redis.ts";

const replicaServer = await startRedis();

await onRedis(
  "waitReplicas",
  ({ url, redis }) => {
    const replica = new Redis(replicaServer?.url ?? "", { lazyConnect: true });
    afterAll(async () => {
      replica.disconnect();
      await replicaServer?.stop();
    });
    const { hostname, port } = new URL(url);
    const replication = () => redis.admin.info("replication");
    const follow = async () => {
      await replica.replicaof(hostname, port);
      await expect.poll(replication, { timeout: 20_000 }).toContain("state=online");
    };
    const leave = async () => {
      await replica.replicaof("NO", "ONE");
      await expect.poll(replication, { timeout: 20_000 }).toContain("connected_slaves:0");
    };

    it("a result is acknowledged when the replica has it", async () => {
      await follow();
      const node = createClient({ url });
      await node.connect();
      for (const client of [redis.admin, node]) {
        const namespace = redis.namespace();
        const store = redisStore({ client, namespace, waitReplicas: 1 });
        expect((await store.ingest(result("job"), HELD)).kind).toBe("leased");
        expect(await replica.exists(`{${namespace}}:job:job`)).toBe(1);
        expect((await store.ingest(result("job"), HELD)).kind).toBe("duplicate");
      }
      node.destroy();
    });

    it("a duplicate writes too, because Redis waits only for writes of the same connection", async () => {
      await follow();
      const changes = async () => {
        const info = await redis.admin.info("persistence");
        return Number(/rdb_changes_since_last_save:(\d+)/.exec(info)?.[1]);
      };
      const namespace = redis.namespace();
      for (const waitReplicas of [0, 1]) {
        const store = redisStore({ client: redis.admin, namespace, waitReplicas });
        await store.ingest(result("job"), HELD);
        const before = await changes();
        expect((await store.ingest(result("job"), HELD)).kind).toBe("duplicate");
        expect((await changes()) - before).toBe(waitReplicas);
      }
    });

    it("without a replica a result and its repeats are refused; with one again, the callback runs once", async () => {
      await leave();
      const namespace = redis.namespace();
      const other = new Redis(url); // this connection has written nothing
      const handled: string[] = [];
      const receivers = [redis.admin, other].map((client) =>
        createReceiver({
          auth: "none",
          store: redisStore({ client, namespace, waitReplicas: 1 }),
          onFailed: ({ job_id }) => void handled.push(job_id),
          onEvent: () => undefined,
        }),
      );
      const deliver = async () => {
        const answers: [number, unknown][] = [];
        for (const receiver of receivers) {
          const body = JSON.stringify({ job_id: "job", status: "failed" });
          const answer = await receiver.fetch(
            new Request("http://localhost/hook", { method: "POST", body }),
          );
          answers.push([answer.status, await answer.json()]);
        }
        return answers;
      };
      const error = { code: "store_unavailable", message: expect.any(String) as string };
      const refused = [503, { received: false, error }];
      expect(await deliver()).toEqual([refused, refused]);
      await follow();
      const duplicate = [200, { received: true, duplicate: true }];
      expect(await deliver()).toEqual([duplicate, duplicate]);
      expect(handled).toEqual([]);
      await redis.elapse(namespace, 60_000); // longer than the lease of the refused result
      for (const receiver of receivers) {
        await receiver.tick();
        await receiver.idle();
      }
      expect(handled).toEqual(["job"]);
      await Promise.all(receivers.map((receiver) => receiver.drain()));
      other.disconnect();
    });
  },
  ["--repl-diskless-sync-delay", "0"],
);
