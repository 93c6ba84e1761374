import type { Provider } from "./batch.ts";

/** Prints how to submit a job of one's own, and resolves on Ctrl-C. */
export async function keepUp(provider: Provider, webhookUrl: string): Promise<void> {
  console.log(`
Still up, until Ctrl-C. Submit a job of your own from another terminal:

curl ${provider.baseUrl}/v1/models/simulated-video/run \\
  -H "Authorization: Bearer ${provider.apiKey}" -H "Content-Type: application/json" \\
  -d '{ "webhook_url": "${webhookUrl}",
        "input": { "simulate": { "deliveries": ["normal", "duplicate"] } } }'
`);
  // Stays registered: the package manager above may pass the same Ctrl-C on a second time.
  await new Promise((resolve) => process.on("SIGINT", resolve));
  console.log("\nDraining.");
}
