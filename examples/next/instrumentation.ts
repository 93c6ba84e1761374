import { startOnBoot } from "@abstrakt-webhooks/next";

/** Next calls this function once for each runtime, when a server starts. */
export async function register(): Promise<void> {
  // Next looks for this condition, and leaves the block out of the bundle for the edge runtime.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { receiver } = await import("./receiver");
    startOnBoot(receiver);
  }
}
