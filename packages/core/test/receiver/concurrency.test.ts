import { expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { boot, defer, type Deferred, deliver, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();

/** Callbacks that end when the test says so, and the order in which they were called. */
function gated() {
  const started: string[] = [];
  const gates = new Map<string, Deferred>();
  let running = 0;
  let most = 0;
  const onSucceeded = async ({ job_id }: { job_id: string }) => {
    started.push(job_id);
    most = Math.max(most, (running += 1));
    const gate = defer();
    gates.set(job_id, gate);
    await gate.promise;
    running -= 1;
  };
  const finish = async (jobId: string) => {
    gates.get(jobId)?.resolve();
    await pass(1);
  };
  return { onSucceeded, started, finish, most: () => most };
}

it("at most `concurrency` callbacks run at once, and the others later in order of arrival", async () => {
  const { onSucceeded, started, finish, most } = gated();
  const { receiver, of } = boot({ onSucceeded, limits: { concurrency: 2 } });
  const ids = Array.from({ length: 8 }, (_, index) => `job_${index}`);
  for (const id of ids) {
    expect((await deliver(receiver, succeeded(id))).status).toBe(200);
    await pass(1);
  }
  expect(started).toEqual(ids.slice(0, 2));
  for (const [index, id] of ids.entries()) {
    await finish(id);
    expect(started).toEqual(ids.slice(0, index + 3));
  }
  expect(most()).toBe(2);
  expect(of("done")).toHaveLength(8);
});

it("further results are stored without a lease, so that another instance can claim them", async () => {
  const store = memoryStore();
  const { receiver } = boot({
    store,
    onSucceeded: () => new Promise(() => {}),
    limits: { concurrency: 1 },
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  await deliver(receiver, succeeded("b"));
  expect(await store.get("a")).toMatchObject({ state: "leased", attempts: 1 });
  expect(await store.get("b")).toMatchObject({ state: "pending", attempts: 0 });
});

it("while one callback's outcome is being recorded, its slot takes another job, up to twice `concurrency` jobs in all", async () => {
  const store = memoryStore();
  const recorded = defer();
  const receiver = boot({
    store: {
      ...store,
      settle: (...settled) => recorded.promise.then(() => store.settle(...settled)),
    },
    onSucceeded: ({ job_id }) => (job_id < "x" ? undefined : new Promise<void>(() => {})),
    limits: { concurrency: 2 },
  }).receiver;
  const bring = async (id: string) => {
    await deliver(receiver, succeeded(id));
    await pass(1);
    return (await store.get(id))?.state;
  };
  for (const id of ["a", "b", "c", "d"]) expect(await bring(id)).toBe("leased");
  expect(await bring("e")).toBe("pending");
  recorded.resolve();
  await pass(10);
  expect(await store.stats()).toMatchObject({ done: 5 });
  for (const id of ["x", "y"]) expect(await bring(id)).toBe("leased");
  expect(await bring("z")).toBe("pending");
});

it("a new result is leased while acknowledged ones wait for a slot", async () => {
  const store = memoryStore();
  const ingest = vi.fn(store.ingest);
  const claim = vi.fn(store.claim);
  const { receiver, of } = boot({ store: { ...store, ingest, claim }, limits: { concurrency: 2 } });
  for (const wave of ["a", "b", "c"]) {
    await deliver(receiver, succeeded(`${wave}1`));
    await deliver(receiver, succeeded(`${wave}2`));
    await deliver(receiver, succeeded(`${wave}3`));
    await pass(1);
  }
  expect(ingest.mock.calls.every(([, { leaseMs }]) => leaseMs > 0)).toBe(true);
  expect(claim).not.toHaveBeenCalled();
  expect(of("done")).toHaveLength(9);
});

it("a lease that finds every slot taken is released, and the job runs when a slot is free", async () => {
  const { onSucceeded, started, finish, most } = gated();
  const store = memoryStore();
  const { receiver, of } = boot({ store, onSucceeded, limits: { concurrency: 1 } });
  await deliver(receiver, succeeded("a"));
  await deliver(receiver, succeeded("b"));
  expect(await store.get("b")).toMatchObject({ state: "leased", attempts: 1 });
  await pass(1);
  expect(started).toEqual(["a"]);
  expect(await store.get("b")).toMatchObject({ state: "pending", attempts: 0 });
  await finish("a");
  await finish("b");
  expect([started, most()]).toEqual([["a", "b"], 1]);
  expect(of("done")).toMatchObject([{ jobId: "a" }, { jobId: "b", attempt: 1 }]);
});

it("when a thousand results arrive at once, at most `concurrency` run and none is lost", async () => {
  let running = 0;
  let most = 0;
  const handled = new Set<string>();
  const { receiver } = boot({
    limits: { concurrency: 7 },
    async onSucceeded({ job_id }) {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      handled.add(job_id);
    },
  });
  await Promise.all(
    Array.from({ length: 1_000 }, (_, i) => deliver(receiver, succeeded(`job_${i}`))),
  );
  await pass(1);
  await receiver.idle();
  expect(handled.size).toBe(1_000);
  expect(most).toBe(7);
});

it("one result runs once, however often and quickly it is delivered", async () => {
  const onSucceeded = vi.fn();
  const { receiver, of } = boot({ onSucceeded });
  const acks = await Promise.all(
    Array.from({ length: 1_000 }, () => deliver(receiver, succeeded("a"))),
  );
  await pass(1);
  expect(acks.every((ack) => ack.status === 200)).toBe(true);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
  expect([of("stored").length, of("duplicate").length]).toEqual([1, 999]);
});

it("a result that was stored during a claim runs at once", async () => {
  const store = memoryStore();
  const slow = async <T>(reply: Promise<T>): Promise<T> => {
    await new Promise((resolve) => void setTimeout(resolve, 20));
    return reply;
  };
  const { receiver, of } = boot({
    store: {
      ...store,
      claim: (o) => slow(store.claim(o)),
      nextDueInMs: () => slow(store.nextDueInMs()),
    },
  });
  receiver.start();
  await pass(10);
  await deliver(receiver, succeeded("a"));
  expect(await store.get("a")).toMatchObject({ state: "pending" });
  await pass(100);
  expect(of("done")).toMatchObject([{ jobId: "a" }]);
});

it("a result that is stored without a lease after the claim has ended runs at once", async () => {
  const store = memoryStore();
  const after = async <T>(ms: number, call: () => Promise<T>): Promise<T> => {
    await new Promise((resolve) => void setTimeout(resolve, ms));
    return call();
  };
  const { receiver, of } = boot({
    store: {
      ...store,
      claim: async (o) => {
        const leases = await store.claim(o);
        return after(20, async () => leases);
      },
      ingest: (...delivered) => after(60, () => store.ingest(...delivered)),
    },
  });
  receiver.start();
  await pass(10);
  void deliver(receiver, succeeded("a"));
  await pass(60);
  expect(await store.get("a")).toMatchObject({ state: "pending" });
  await pass(100);
  expect(of("done")).toMatchObject([{ jobId: "a" }]);
});

it("the store is not asked for jobs while every slot is taken", async () => {
  const store = memoryStore();
  const claim = vi.fn(store.claim);
  const onSucceeded = () => new Promise<void>(() => {});
  const { receiver } = boot({
    store: { ...store, claim },
    onSucceeded,
    limits: { concurrency: 1 },
  });
  await deliver(receiver, succeeded("a"));
  await pass(1);
  await receiver.tick();
  expect(claim).not.toHaveBeenCalled();
});

it("each receiver claims under a name of its own, and by default for each free slot", async () => {
  const store = memoryStore();
  const claim = vi.fn(store.claim);
  for (const concurrency of [2, 3]) {
    await boot({ store: { ...store, claim }, limits: { concurrency } }).receiver.tick();
  }
  const asked = claim.mock.calls.map(([o]) => o);
  expect(asked).toMatchObject([{ limit: 2 }, { limit: 3 }]);
  const owners = new Set(asked.map(({ owner }) => owner));
  expect([...owners].filter((owner) => /^[\w-]{22}$/.test(owner))).toHaveLength(2);
});
