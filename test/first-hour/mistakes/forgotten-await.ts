import { createClient } from "@abstrakt-webhooks/client";
import { createReceiver, signedUrl } from "@abstrakt-webhooks/express";

const receiver = createReceiver({
  auth: signedUrl({
    secrets: ["a secret of 32 characters or more"],
    url: "https://app.example.com/hook",
  }),
});

const client = createClient({ apiKey: "sk_123" });
await client.run("nano-banana-pro-edit", {
  input: { prompt: "a beach" },
  // A compiler would report it too.
  webhook_url: receiver.webhookUrl() as never,
});
