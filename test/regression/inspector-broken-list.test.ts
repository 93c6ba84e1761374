import { createReceiver, memoryStore, type JobState } from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";
import { failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

type MemoryStore = ReturnType<typeof memoryStore>;

/** A memory store that does not list the jobs of some states. */
function withoutLists(states: readonly JobState[], fail: () => Promise<never>): MemoryStore {
  const store = memoryStore();
  return {
    ...store,
    list: async (o) => (o.state !== undefined && states.includes(o.state) ? fail() : store.list(o)),
  };
}

const reject = (): Promise<never> => Promise.reject(new Error("no index"));
const hang = (): Promise<never> => new Promise(() => undefined);

/** A page on a store with a job in each state. */
async function open(store: MemoryStore) {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const receiver = createReceiver({
    auth: "none",
    store,
    limits: { storeTimeoutMs: 20 },
    retry: { maxAttempts: 1 },
    onEvent: () => undefined,
    onSucceeded: ({ job_id: jobId }) => (jobId === "held" ? held : undefined),
    onFailed() {
      throw new Error("the archive is down");
    },
  });
  await receiver.expect("expected");
  await receiver.ingest(succeededPayload({ job_id: "good" }));
  await receiver.ingest(failedPayload({ job_id: "bad" }));
  await receiver.idle();
  await receiver.ingest(succeededPayload({ job_id: "held" }));
  const page = inspector(receiver, { authorize: () => true });
  return {
    release: async () => {
      release();
      await receiver.idle();
    },
    async front(query = "") {
      const answer = await page.fetch(new Request(`http://app.test/webhooks${query}`));
      const html = await answer.text();
      const rows = [...html.matchAll(/<tr id="job-([^"]+)"/g)].map(([, jobId = ""]) => jobId);
      return { status: answer.status, html, rows: rows.toSorted() };
    },
  };
}

it.each([
  ["rejects", reject],
  ["is silent", hang],
])("the front page shows the other states when a list %s", async (_, fail) => {
  const { front, release } = await open(withoutLists(["leased"], fail));
  const { status, html, rows } = await front();
  expect([status, rows]).toEqual([200, ["bad", "expected", "good"]]);
  expect(html).toContain("1 dead · Jobs");
  expect(html).toMatch(/The running jobs are missing\. The store (failed|did not answer)/);
  await release();
});

it("an empty table is not called empty when no list is read", async () => {
  const { front, release } = await open(
    withoutLists(["expected", "leased", "done", "dead"], reject),
  );
  const { status, html } = await front();
  expect(status).toBe(200);
  expect(html).toContain("The dead jobs are missing.");
  expect(html).not.toContain("No jobs yet");
  await release();
});

it("the list of one state has nothing else to show, so its error is the answer", async () => {
  const { front, release } = await open(withoutLists(["leased"], reject));
  expect((await front("?q=state:done")).status).toBe(200);
  expect((await front("?q=state:running")).status).toBe(503);
  await release();
});
