import { abstraktWebhook, memoryStore, type ReceiverEvent } from "@abstrakt-webhooks/next";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

// These tests call the handler outside a request scope of Next, where `after` throws. So does an
// edge function of the Pages Router.

function boot() {
  const events: ReceiverEvent[] = [];
  const fetch = abstraktWebhook({
    auth: "none",
    store: memoryStore(),
    onSucceeded: () => undefined,
    onEvent: (event) => void events.push(event),
  });
  const warnings = () => events.flatMap((e) => (e.type === "warning" ? [e.error.code] : []));
  return { fetch, warnings };
}

it.each(["@vercel/request-context", "@next/request-context"])(
  "where `after` throws, the work is passed to %s",
  async (name) => {
    const complained = vi.spyOn(console, "error");
    const works: Promise<unknown>[] = [];
    const context = { waitUntil: (work: Promise<unknown>) => void works.push(work) };
    vi.stubGlobal(Symbol.for(name), { get: () => context });
    const { fetch, warnings } = boot();
    await deliver({ fetch }, succeededPayload());
    expect(works).toHaveLength(1);
    await Promise.all(works);
    expect([warnings(), complained.mock.calls]).toEqual([[], []]);
  },
);

it("where `after` throws and the host freezes without a `waitUntil`, a warning says so once", async () => {
  vi.stubGlobal("EdgeRuntime", "edge-runtime");
  const { fetch, warnings } = boot();
  await deliver({ fetch }, succeededPayload(), { times: 2 });
  expect(warnings()).toEqual(["no_background"]);
});
