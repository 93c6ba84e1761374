import type { Provider } from "./batch.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * Prints where to look and how to submit your own job. Resolves on Ctrl-C, or when another signal
 * ends the process.
 */
export async function keepUp(
  provider: Provider,
  { url, pageUrl }: Pick<Endpoint, "url" | "pageUrl">,
): Promise<void> {
  console.log(`
Both servers keep running until Ctrl-C. This page shows the jobs:

${pageUrl}

Submit a job of your own from another terminal:

curl ${provider.baseUrl}/v1/models/simulated-video/run \\
  -H "Authorization: Bearer ${provider.apiKey}" -H "Content-Type: application/json" \\
  -d '{ "webhook_url": "${url}",
        "input": { "simulate": { "deliveries": ["normal", "duplicate"] } } }'

"deliveries" is what becomes of the result. Each entry is one of: normal, duplicate, late,
corrupt, conflict. An empty list means that the webhook never comes.
`);
  // The listeners stay, because a package manager may send the same signal a second time.
  await new Promise<void>((resolve) => {
    process.on("SIGINT", () => resolve());
    process.on("SIGTERM", () => resolve());
  });
  console.log("\nDraining.");
}
