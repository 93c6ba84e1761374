import { startOnBoot } from "@abstrakt-webhooks/next";

export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { receiver } = await import("./receiver.js");
    startOnBoot(receiver);
  }
}
