import { expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.ts";
import { fakeApi, mintingAuth } from "./fake-api.ts";
import { boot, deliver, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const { client } = fakeApi();

it("expect emits an event for an expected job, and reads no row where no URL is given", async () => {
  const store = memoryStore();
  const get = vi.spyOn(store, "get");
  const { receiver, of } = boot({ client, store });
  await receiver.expect("a", { ref: "order" });
  await receiver.expect("b");
  expect(of("expected")).toMatchObject([{ jobId: "a", ref: "order" }, { jobId: "b" }]);
  await deliver(receiver, succeeded("a"));
  expect(await receiver.expect("a", { ref: "order" })).toBe("arrived");
  expect(of("expected")).toHaveLength(2);
  get.mockClear();
  await receiver.expect("c");
  expect(get).not.toHaveBeenCalled();
});

it("expect emits no conflict for a contested job whose row is gone, and names an unknown source webhook", async () => {
  const inner = memoryStore();
  const rows = [undefined, undefined, undefined, { state: "done" }];
  const store = Object.assign(inner, {
    expect: async () => "contested" as const,
    get: async () => rows.shift() as never,
  });
  const { receiver, of, warnings } = boot({ client, store, auth: mintingAuth() });
  const webhookUrl = await receiver.webhookUrl();
  expect(await receiver.expect("a", { webhookUrl })).toBe("contested");
  expect([of("conflict"), warnings()]).toEqual([[], ["contested"]]);
  expect(await receiver.expect("a", { webhookUrl })).toBe("contested");
  expect(of("conflict")).toMatchObject([{ state: "done", source: "webhook" }]);
});

it("expect warns of no second URL for a job that was given up", async () => {
  const poll = { afterMs: 1, giveUpAfterMs: 1 };
  const { receiver, of, warnings } = boot({ client, auth: mintingAuth(), poll });
  await receiver.expect("a", { webhookUrl: await receiver.webhookUrl() });
  await pass(1_000);
  expect(of("dead")).toHaveLength(1);
  expect(await receiver.expect("a", { webhookUrl: await receiver.webhookUrl() })).toBe("expected");
  expect(warnings()).toEqual([]);
});

it("expect refuses a URL that is still a promise, and says what is missing", async () => {
  const { receiver } = boot({ client, auth: mintingAuth() });
  const webhookUrl = receiver.webhookUrl() as never;
  await expect(receiver.expect("a", { webhookUrl })).rejects.toMatchObject({
    code: "invalid_options",
    message: "`expect` takes a `webhookUrl` that is text; put `await` before `webhookUrl()`.",
  });
});
