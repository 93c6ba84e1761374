test("handles a result", async () => {
  const { abstraktWebhook, createReceiver, memoryStore } =
    await import("@abstrakt-webhooks/express");
  const handled = [];
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onSucceeded: (job) => void handled.push(job.job_id),
  });
  expect(typeof abstraktWebhook(receiver)).toBe("function");
  const output = { type: "image", items: [] };
  await receiver.ingest({ job_id: "job_1", status: "succeeded", output });
  await receiver.idle();
  expect(handled).toEqual(["job_1"]);
});
