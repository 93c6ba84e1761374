import { memoryStore } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat } from "./support.ts";

const { list: _list, redrive: _redrive, stats: _stats, ...withoutDeadLetters } = memoryStore();

it.each(Object.entries({ "the memory store": memoryStore(), withoutDeadLetters }))(
  "a drain runs, within its timeout, leased results that found no free slot: %s",
  async (_, store) => {
    const callback = () => new Promise<void>((resolve) => void setTimeout(resolve, 5));
    const { receiver, runs } = receiverThat(callback, { store, limits: { concurrency: 2 } });
    // All of these arrive in one turn of the event loop, so that all are leased and none runs yet.
    for (const job_id of ["a", "b", "c"]) await receiver.ingest(succeededPayload({ job_id }));
    expect(await receiver.drain()).toEqual({ settled: 3, released: 0, lost: 0 });
    expect(runs()).toBe(3);
  },
);
