import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { open, picture } from "./support.ts";

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"],
    }),
);
afterEach(() => void vi.useRealTimers());

const decoder = new TextDecoder();

async function listen(get: (path: string) => Promise<Response>) {
  const answer = await get("/webhooks/stream");
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const next = async (): Promise<string | undefined> => {
    const { value } = await reader.read();
    return value && decoder.decode(value);
  };
  expect(await next()).toBe("retry: 2000\n\n");
  return { answer, reader, next };
}

it("the stream sends one message that something has changed, and nothing else", async () => {
  const { get, receiver } = open();
  const { answer, next } = await listen(get);
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  for (let index = 0; index < 100; index++) await receiver.ingest(picture(`job_${index}`));
  await vi.advanceTimersByTimeAsync(399);
  const message = next();
  await vi.advanceTimersByTimeAsync(1);
  expect(await message).toBe("event: changed\ndata:\n\n");
});

it("messages are less frequent while there are many changes", async () => {
  const { get, receiver } = open();
  const { next } = await listen(get);
  const deliver = async (from: number, count: number): Promise<void> => {
    for (let index = from; index < from + count; index++) {
      await receiver.ingest(picture(`job_${index}`));
    }
    await receiver.idle();
  };
  const waitOf = async (): Promise<number> => {
    let told = false;
    void next().then(() => (told = true));
    let ms = 0;
    for (; !told && ms < 5_000; ms += 100) await vi.advanceTimersByTimeAsync(100);
    return ms;
  };
  await deliver(0, 200);
  expect(await waitOf()).toBe(400);
  await deliver(200, 5);
  expect(await waitOf()).toBe(1_000);
  await deliver(300, 5);
  expect(await waitOf()).toBe(400);
});

it("at most four messages are queued for a client that does not read", async () => {
  const { get, receiver } = open();
  const { reader, next } = await listen(get);
  for (let index = 0; index < 50; index++) {
    await receiver.ingest(picture(`job_${index}`));
    await vi.advanceTimersByTimeAsync(400);
  }
  await receiver.drain();
  let messages = 0;
  while ((await next()) !== undefined) messages += 1;
  expect(messages).toBeGreaterThan(0);
  expect(messages).toBeLessThanOrEqual(4);
  reader.releaseLock();
});

it("a quiet stream is kept alive", async () => {
  const { next } = await listen(open().get);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await next()).toBe("event: alive\ndata:\n\n");
});

it("streams end at a drain, and no new one opens", async () => {
  const { get, receiver } = open();
  const { next } = await listen(get);
  await receiver.drain();
  expect(await next()).toBeUndefined();
  expect((await get("/webhooks/stream")).status).toBe(503);
});

it("streams end at close", async () => {
  const { get, page } = open();
  const { next } = await listen(get);
  page.close();
  page.close();
  expect(await next()).toBeUndefined();
});

it("no timer is left when the last client has disconnected", async () => {
  const { get, receiver } = open();
  await receiver.ingest(picture("job_1"));
  await receiver.idle();
  const before = vi.getTimerCount();
  const { reader } = await listen(get);
  await receiver.ingest(picture("job_1"));
  expect(vi.getTimerCount()).toBe(before + 2);
  await reader.cancel();
  expect(vi.getTimerCount()).toBe(before);
});

it("the number of open streams has a maximum", async () => {
  const { get } = open();
  for (let index = 0; index < 100; index++)
    expect((await get("/webhooks/stream")).status).toBe(200);
  expect((await get("/webhooks/stream")).status).toBe(503);
});
