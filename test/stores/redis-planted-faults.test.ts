import type { RedisClient } from "@abstrakt-webhooks/store-redis";
import type { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import { openRedis } from "../support/redis-database.ts";
import { findRedis } from "../support/redis-server.ts";
import { bootRedis, REDIS } from "./boot-redis.ts";
import { suiteResults } from "./suite-results.ts";

/** One change of the scripts' text, and the test of the suite that must fail. */
interface Fault {
  readonly replace: string;
  readonly by: string;
  readonly seenBy: string;
}

const FAULTS: Record<string, Fault> = {
  "a conflict replaces the result": {
    replace: "return conflict('result')",
    by: "conflict('result')",
    seenBy: "ingest > another result is a conflict in every state and changes only the counter",
  },
  "bindings are not compared": {
    replace: "if bound and binding and bound ~= binding then",
    by: "if false then",
    seenBy: "bindings > an expected job accepts a result only from its own URL",
  },
  "a settle ignores the fence": {
    replace: "or tonumber(row[2]) ~= tonumber(fence) then",
    by: "then",
    seenBy: "settle > an old lease settles nothing once the job is leased again",
  },
  "a settle ignores the state": {
    replace: "if row[1] ~= 'leased' or",
    by: "if",
    seenBy: "concurrency > of 50 settles under one fence, one is accepted",
  },
  "a poll ignores the state": {
    replace: "if row[1] ~= 'expected' or tonumber",
    by: "if tonumber",
    seenBy: "polls > a poll's fence settles no lease, and a lease's fence settles no poll",
  },
  "a claim does not check whether the given ids are due": {
    replace: "elseif tonumber(call('ZSCORE', work, id) or now) <= now or",
    by: "elseif true or",
    seenBy: "concurrency > 8 claimers claim each of 200 due rows once (two instances)",
  },
  "a claim does not raise the fence": {
    replace: "local fence, attempts = (row[2] or 0) + 1",
    by: "local fence, attempts = row[2] or 0",
    seenBy: "settle > an old lease settles nothing once the job is leased again",
  },
  "a done row never expires": {
    replace: "write('PEXPIRE', job, whole(ms))",
    by: "write('PERSIST', job)",
    seenBy: "retention > a done row answers duplicates until doneTtlMs, then the job is new",
  },
  "a redriven row still expires": {
    replace: "write('PERSIST', job)",
    by: "write('EXISTS', job)",
    seenBy: "retention > a redriven row outlives the retention that it had as dead",
  },
  "prune ignores its limit": {
    replace: "'LIMIT', 0, limit)",
    by: "'LIMIT', 0, -1)",
    seenBy:
      "retention > prune removes at most its limit, returns the number, and keeps rows within retention",
  },
  "a retry is due at once": {
    replace: "place(job, id, 'leased', 'pending', tonumber(ms))",
    by: "place(job, id, 'leased', 'pending', 0)",
    seenBy: "settle > retry makes the row pending with its error, due after the delay",
  },
  "the second call for a job in a batch does not see the first": {
    replace: "if seen[job] then flush_all() end",
    by: "",
    seenBy: "concurrency > 1000 identical deliveries: 1 leased, 999 duplicates",
  },
  "the leased rows of a list are not sorted": {
    replace: "table.sort(entries, in_order)",
    by: "",
    seenBy: "lists > pending and leased rows are listed by due time, page by page",
  },
  "a later page of leased rows begins with the first row": {
    replace: "(not start or in_order(start, entry))",
    by: "true",
    seenBy: "lists > pending and leased rows are listed by due time, page by page",
  },
  "the index of polls is not used": {
    replace: "ipairs({ work, polls })",
    by: "ipairs({ work })",
    seenBy: "expected jobs > expect makes a row that waits for its first poll",
  },
};

const server = await findRedis();

describe.skipIf(server === undefined)("a planted fault in a script (needs a server)", () => {
  const redis = openRedis(server?.url ?? "");
  afterAll(async () => {
    await redis.close();
    await server?.stop();
  });

  it.each(Object.entries(FAULTS))("is caught: %s", async (_, { replace, by, seenBy }) => {
    let changed = 0;
    const client = withScripts(redis.admin, (script) => {
      if (script.includes(replace)) changed += 1;
      return script.replace(replace, by);
    });
    const { failed } = await suiteResults(bootRedis(redis, client), REDIS);
    expect(changed).toBeGreaterThan(0);
    expect(failed).toContain(seenBy);
  });

  it("is caught only where there is one: without a fault no test fails", async () => {
    const { failed } = await suiteResults(
      bootRedis(
        redis,
        withScripts(redis.admin, (script) => script),
      ),
      REDIS,
    );
    expect(failed).toEqual([]);
  });
});

/** A client that finds no script on the server, so that it gets each as text and can change it. */
function withScripts(client: Redis, change: (script: string) => string): RedisClient {
  return Object.assign(Object.create(client) as Redis, {
    call(command: string, text: string, ...words: (string | number)[]) {
      if (command === "EVALSHA") return Promise.reject(new Error("NOSCRIPT No matching script."));
      return client.call(command, change(text), ...words);
    },
  });
}
