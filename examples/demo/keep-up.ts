import type { Provider } from "./batch.ts";

/** Prints how to submit a job of one's own. Resolves on Ctrl-C, or when the process is told to end. */
export async function keepUp(provider: Provider, webhookUrl: string): Promise<void> {
  console.log(`
Both servers keep running until Ctrl-C. Submit a job of your own from another terminal:

curl ${provider.baseUrl}/v1/models/simulated-video/run \\
  -H "Authorization: Bearer ${provider.apiKey}" -H "Content-Type: application/json" \\
  -d '{ "webhook_url": "${webhookUrl}",
        "input": { "simulate": { "deliveries": ["normal", "duplicate"] } } }'

"deliveries" is what becomes of the result. Each entry is one of: normal, duplicate, late,
corrupt, conflict. An empty list means that the webhook never comes.
`);
  // The listeners stay: a package manager may pass the same signal on a second time.
  await new Promise<void>((resolve) => {
    process.on("SIGINT", () => resolve());
    process.on("SIGTERM", () => resolve());
  });
  console.log("\nDraining.");
}
