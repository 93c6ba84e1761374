import type { JobRecord } from "@abstrakt-webhooks/express";

/** An `onDead` that posts to a chat's incoming webhook. */
export const alertOnDead =
  (chatUrl: string) =>
  async ({ jobId, attempts, error }: JobRecord): Promise<void> => {
    const text = `Job ${jobId} is dead after ${attempts} attempts: ${error}`;
    const response = await fetch(chatUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`The chat answered ${response.status}`);
  };
