import { memoryStore } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat } from "./support.ts";

const { list: _list, redrive: _redrive, stats: _stats, ...withoutDeadLetters } = memoryStore();

it.each(Object.entries({ "the memory store": memoryStore(), withoutDeadLetters }))(
  "runs within the budget what found no place when its turn came: %s",
  async (_, store) => {
    const callback = () => new Promise<void>((resolve) => void setTimeout(resolve, 5));
    const { receiver, runs } = receiverThat(callback, { store, limits: { concurrency: 2 } });
    // In one turn of the event loop, so that all of them are leased and none has begun.
    for (const job_id of ["a", "b", "c"]) await receiver.ingest(succeededPayload({ job_id }));
    expect(await receiver.drain()).toEqual({ settled: 3, released: 0, lost: 0 });
    expect(runs()).toBe(3);
  },
);
