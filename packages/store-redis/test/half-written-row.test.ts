import { redisStore } from "@abstrakt-webhooks/store-redis";
import { expect, it } from "vitest";
import { openClient } from "../../../test/support/redis-clients.ts";
import { HELD, onRedis, result } from "./on-redis.ts";

await onRedis("a delivery that the server refuses halfway", ({ url, redis }) => {
  it("a half-written row does not count: the repeated result is leased and is no duplicate", async () => {
    const { client, close } = await openClient.ioredis(url);
    const namespace = redis.namespace();
    const store = redisStore({ client, namespace });
    // This state occurs where a user may write hashes and nothing else.
    await redis.admin.set(`{${namespace}}:work`, "another's");
    await expect(store.ingest(result("a"), HELD)).rejects.toThrow(/has another type/);
    await redis.admin.del(`{${namespace}}:work`);
    expect(await store.expect("a", { pollAfterMs: 1, giveUpAfterMs: 1_000 })).toBe("expected");
    expect(await store.ingest(result("a"), HELD)).toMatchObject({ kind: "leased" });
    await close();
  });
});
