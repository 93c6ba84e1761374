import { createReceiver, memoryStore, signedUrl } from "@abstrakt-webhooks/express";

const receiver = createReceiver({
  auth: signedUrl({
    secrets: ["a secret of 32 characters or more"],
    url: "https://app.example.com/hook",
  }),
  store: memoryStore(),
});

const url = await receiver.webhookUrl({ ref: "order-7" });
// A compiler would report it too.
await receiver.expect("job_1", url as never);
