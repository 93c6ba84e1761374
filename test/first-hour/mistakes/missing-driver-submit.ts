import { createClient } from "@abstrakt-webhooks/client";
import { createReceiver, signedUrl } from "@abstrakt-webhooks/express";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";

const receiver = createReceiver({
  auth: signedUrl({
    secrets: ["a secret of 32 characters or more"],
    url: "https://app.example.com/hook",
  }),
  client: createClient({ apiKey: "sk_123" }),
  store: sqliteStore("jobs.db"),
  onSucceeded: () => undefined,
});
receiver.start();

await receiver.submit("nano-banana-pro-edit", { prompt: "a beach" });
