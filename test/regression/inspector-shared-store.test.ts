import { createReceiver, memoryStore, type JobStore, type Receiver } from "@abstrakt-webhooks/core";
import { inspectSource, inspector } from "@abstrakt-webhooks/inspector";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

/** A process: its receiver, and the state of each job in the table of its front page. */
interface Process {
  readonly receiver: Receiver;
  table(): Promise<Record<string, string>>;
}

function start(store: JobStore, callback: (jobId: string) => void | Promise<void>): Process {
  const receiver = createReceiver({
    auth: "none",
    store,
    limits: { concurrency: 1 },
    retry: { maxAttempts: 1 },
    onEvent: () => undefined,
    onSucceeded: ({ job_id: jobId }) => callback(jobId),
  });
  const page = inspector(receiver, { authorize: () => true });
  return {
    receiver,
    async table() {
      const html = await (await page.fetch(new Request("http://app.test/webhooks"))).text();
      const rows = html.matchAll(/<tr id="job-([^"]+)".*?class="state (\w+)"/gs);
      return Object.fromEntries([...rows].map(([, jobId = "", state = ""]) => [jobId, state]));
    },
  };
}

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}_${index}`);

async function ingest({ receiver }: Process, jobIds: readonly string[]): Promise<void> {
  for (const jobId of jobIds) await receiver.ingest(succeededPayload({ job_id: jobId }));
}

/** Claims until the store has no job that this process could run. */
async function finish({ receiver }: Process): Promise<void> {
  do {
    await receiver.tick();
    await receiver.idle();
  } while ((await receiver.stats()).pending > 0);
}

async function statesIn({ receiver }: Process): Promise<Record<string, string>> {
  const { records } = await receiver.list({ limit: 1_000 });
  return Object.fromEntries(records.map(({ jobId, state }) => [jobId, state]));
}

it("jobs that another process has handled are not shown as waiting", async () => {
  const store = memoryStore();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const a = start(store, () => held);
  const b = start(store, () => undefined);
  await ingest(a, names("job", 41));
  expect(Object.values(await a.table())).toContain("pending");
  await finish(b);
  const table = await a.table();
  expect(new Set(Object.values(table))).toEqual(new Set(["leased", "done"]));
  expect(await statesIn(b)).toMatchObject(table);
  release();
  await a.receiver.idle();
});

it("jobs that another process has redriven are not shown as dead", async () => {
  const store = memoryStore();
  const a = start(store, (jobId) => {
    if (jobId.startsWith("bad")) throw new Error("the archive is down");
  });
  const b = start(store, () => undefined);
  await ingest(a, names("bad", 15));
  await finish(a);
  expect(Object.values(await a.table())).toEqual(Array(15).fill("dead"));
  await b.receiver.redrive("bad_0");
  await finish(b);
  await ingest(b, names("other", 30));
  await finish(b);
  const table = await a.table();
  expect(table).toHaveProperty("bad_0", "done");
  expect(await statesIn(b)).toMatchObject(table);
});

it("a job's page says when its state is known only from what this process saw", async () => {
  const events = [{ type: "stored", atMs: 1, jobId: "job_1", source: "webhook" }] as const;
  const page = inspectSource(
    {
      about: "Jobs of a test.",
      sinceMs: 0,
      events: () => events,
      list: async () => ({ records: [] }),
      find: async () => undefined,
      outputType: () => undefined,
      counts: async () => ({ expected: 0, pending: 0, leased: 0, done: 0, dead: 0 }),
      subscribe: () => undefined,
    },
    { authorize: () => true },
  );
  const html = async (path: string): Promise<string> =>
    (await page.fetch(new Request(`http://app.test/webhooks${path}`))).text();
  expect(await html("/jobs/job_1")).toContain("This job has no row.");
  expect(await html("")).toContain("No jobs yet");
});
