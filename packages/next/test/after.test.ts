import { abstraktWebhook, memoryStore } from "@abstrakt-webhooks/next";
import { createSubject, deliver, equal, succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, describe, it, vi } from "vitest";

const host = vi.hoisted(() => ({
  after: undefined as undefined | ((work: Promise<unknown>) => void),
}));

// Next's own `after` outside a request scope, unless a test replaces it.
vi.mock("next/server.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("next/server.js")>();
  return { ...original, after: (work: Promise<unknown>) => (host.after ?? original.after)(work) };
});
afterEach(() => {
  host.after = undefined;
  vi.restoreAllMocks();
});

describe("Next's handler", () => {
  it("works outside a request scope, where after throws, and emits no warning", async () => {
    const complained = vi.spyOn(console, "error");
    const { receiver, controls } = createSubject({});
    const [answer] = await deliver({ fetch: abstraktWebhook(receiver) }, succeededPayload());
    equal([answer?.status, answer?.body], [200, { received: true }], "answer");
    await receiver.idle();
    equal((await controls.report()).calls[0]?.ended, true, "ended");
    equal(complained.mock.calls, [], "complaints");
  });

  it("passes its work to after", async () => {
    const works: Promise<unknown>[] = [];
    host.after = (work) => void works.push(work);
    const { receiver, controls } = createSubject({});
    await deliver({ fetch: abstraktWebhook(receiver) }, succeededPayload());
    equal(works.length, 1, "work handed over");
    await Promise.all(works);
    equal((await controls.report()).calls[0]?.ended, true, "ended");
  });

  it("uses an explicit background instead of after", async () => {
    const works: Promise<unknown>[] = [];
    host.after = () => {
      throw new Error("after was called");
    };
    const background = (work: Promise<void>) => void works.push(work);
    const handler = abstraktWebhook({ auth: "none", store: memoryStore(), background });
    await deliver({ fetch: handler }, succeededPayload());
    equal(works.length, 1, "work for the background");
    await Promise.all(works);
  });

  it("has its receiver as a property", async () => {
    const { receiver } = createSubject({});
    equal(abstraktWebhook(receiver).receiver === receiver, true, "the same receiver");
  });
});
