import { createClient } from "@abstrakt-webhooks/client";
import {
  createReceiver,
  memoryStore,
  refetch,
  type ReceiverEvent,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const DAY_MS = 86_400_000;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A receiver behind whose proxy the API is missing until `proxy.hasRoute` is true. */
function behindProxy(options: Partial<ReceiverOptions>, job: { job_id: string }) {
  const proxy = { hasRoute: false };
  const client = createClient({
    apiKey: "k",
    fetch: async () =>
      proxy.hasRoute
        ? Response.json(job)
        : new Response("404 page not found\n", {
            status: 404,
            headers: { "content-type": "text/plain" },
          }),
  });
  const events: ReceiverEvent[] = [];
  const onSucceeded = vi.fn<() => void>();
  const onEvent = (event: ReceiverEvent) => void events.push(event);
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    client,
    onSucceeded,
    onEvent,
    ...options,
  });
  const warnings = () => events.flatMap((e) => (e.type === "warning" ? [e.error.code] : []));
  return { receiver, proxy, onSucceeded, warnings };
}

it("a result waits while a proxy answers 404 in the API's place, and is handled after that", async () => {
  const job = succeededPayload({ job_id: "a" });
  const { receiver, proxy, onSucceeded, warnings } = behindProxy({ auth: refetch() }, job);
  await receiver.ingest(job);
  await pass(DAY_MS / 24);
  expect(await receiver.stats()).toMatchObject({ pending: 1, dead: 0 });
  expect(warnings()).toEqual(["api_unavailable"]);
  proxy.hasRoute = true;
  await pass(DAY_MS / 24);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it("an expected job does not die while a proxy answers 404 in the API's place", async () => {
  const job = succeededPayload({ job_id: "a" });
  const poll = { afterMs: 1, giveUpAfterMs: 2 };
  const { receiver, proxy, onSucceeded, warnings } = behindProxy({ poll }, job);
  await receiver.expect("a");
  await pass(DAY_MS);
  expect(await receiver.stats()).toMatchObject({ expected: 1, dead: 0 });
  expect(warnings()).toEqual(["api_unavailable"]);
  proxy.hasRoute = true;
  await pass(DAY_MS / 24);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});
