import type { ClientOptions } from "@abstrakt-webhooks/client";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";

/** Abstrakt itself if the environment has an API key, else a simulated Abstrakt. */
export interface Provider {
  readonly name: string;
  readonly options: ClientOptions;
  close(): Promise<void>;
}

export async function openProvider(): Promise<Provider> {
  const { ABSTRAKT_API_KEY: apiKey, SIMULATOR_SEED: seed } = process.env;
  if (apiKey !== undefined) {
    return { name: "Abstrakt", options: { apiKey }, close: async () => undefined };
  }
  const simulator = createSimulator({
    latency: { minMs: 500, maxMs: 2_000 },
    // Half of all webhooks never come, so that you see results that come by poll.
    dropRate: 0.5,
    ...(seed !== undefined && { seed: Number(seed) }),
  });
  const baseUrl = await simulator.listen();
  return {
    name: "a simulated Abstrakt",
    options: { apiKey: simulator.apiKey, baseUrl },
    close: () => simulator.close(),
  };
}
