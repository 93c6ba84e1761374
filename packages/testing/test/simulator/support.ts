import type { JobResult } from "@abstrakt-webhooks/core";
import {
  createSimulator,
  type ForcedPlan,
  type SimulatorOptions,
} from "@abstrakt-webhooks/testing/simulator";

export const WEBHOOK_URL = "http://endpoint.test/api/abstrakt-webhook";

/**
 * A simulator that does not wait; its webhooks go to `endpoint`, and `received` has their bodies.
 */
export function createTestSimulator(
  options: SimulatorOptions = {},
  endpoint: (call: number) => Response | Promise<Response> = () =>
    Response.json({ received: true }),
) {
  const received: string[] = [];
  const simulator = createSimulator({
    seed: 1,
    sleep: async () => {},
    async fetch(request) {
      received.push(await request.text());
      return endpoint(received.length);
    },
    ...options,
  });

  const call = (path: string, init: RequestInit = {}, apiKey = simulator.apiKey) =>
    simulator.fetch(
      new Request(`http://abstrakt.test${path}`, {
        ...init,
        headers: { authorization: `Bearer ${apiKey}` },
      }),
    );
  const post = (body: unknown, model = "simulated-image") =>
    call(`/v1/models/${model}/run`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  return {
    simulator,
    received,
    call,
    post,
    /** Submits a job that is delivered to the endpoint, and returns its id. */
    async submit(simulate: ForcedPlan = {}, model?: string): Promise<string> {
      const response = await post({ input: { simulate }, webhook_url: WEBHOOK_URL }, model);
      return ((await response.json()) as { job_id: string }).job_id;
    },
    results: () => received.map((body) => JSON.parse(body) as JobResult),
  };
}
