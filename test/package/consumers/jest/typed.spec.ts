import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";

test("handles a result", async () => {
  const handled: string[] = [];
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onSucceeded: (job) => void handled.push(job.job_id),
  });
  const output = { type: "image", items: [] };
  await receiver.ingest({ job_id: "job_1", status: "succeeded", output });
  await receiver.idle();
  expect(handled).toEqual(["job_1"]);
});
