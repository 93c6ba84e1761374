import { expect, it, vi } from "vitest";
import { boot, defer, pass, post, succeeded, useFakeTime, watchRejections } from "./support.ts";

useFakeTime();
const rejections = watchRejections();

it("a body that does not arrive is answered 408 at bodyTimeoutMs, and not earlier", async () => {
  const { receiver, of } = boot({ limits: { bodyTimeoutMs: 500 } });
  const body = defer<{ bytes: Uint8Array }>();
  let status: number | undefined;
  void receiver.handle(post(0, { body: () => body.promise })).then((ack) => (status = ack.status));

  await pass(499);
  expect(status).toBeUndefined();
  await pass(1);
  expect(status).toBe(408);
  const message = "Expected the whole body within 500 ms (limits.bodyTimeoutMs).";
  expect(of("refused")).toMatchObject([
    { status: 408, reason: "body_timeout", ackMs: 500, error: { message } },
  ]);

  body.reject(new Error("the socket closed"));
  await pass(1);
  expect(rejections).toEqual([]);
});

it("a stream that stays silent is cancelled a second after the answer", async () => {
  const { receiver } = boot({ limits: { bodyTimeoutMs: 500 } });
  const cancelled = defer();
  const stream = new ReadableStream({ cancel: () => cancelled.resolve() });
  const init = { method: "POST", body: stream, duplex: "half" };
  const answer = receiver.fetch(new Request("https://app.test/hook", init));
  await pass(500);
  expect((await answer).status).toBe(408);
  await pass(1_000);
  await cancelled.promise;
});

it("no timer is left after bodyTimeoutMs, however many bodies arrived", async () => {
  const { receiver } = boot();
  for (const id of ["a", "b", "c"]) await receiver.handle(post(succeeded(id)));
  expect(vi.getTimerCount()).toBeLessThanOrEqual(2);
  await pass(5_000);
  expect(vi.getTimerCount()).toBe(0);
});
