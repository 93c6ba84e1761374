import { describe, expect, it } from "vitest";
import { memoryStore, refetch } from "../../src/index.ts";
import { fakeApi, mintingAuth } from "./fake-api.ts";
import {
  boot,
  deliver,
  drained,
  durableStore,
  pass,
  post,
  succeeded,
  useFakeTime,
} from "./support.ts";

useFakeTime();
const { client } = fakeApi();

describe("webhookUrl", () => {
  it("mints by the first auth that can mint", async () => {
    const { receiver } = boot({ auth: [{ admit: () => ({}) }, mintingAuth()] });
    expect(await receiver.webhookUrl({ ref: "order" })).toBe("https://hook.test/?k=n1.b3JkZXI");
    expect(await receiver.webhookUrl()).toBe("https://hook.test/?k=n2.");
  });

  it("throws an error that says so where no auth can mint", async () => {
    for (const auth of ["none", { admit: () => ({}) }] as const) {
      await expect(boot({ auth }).receiver.webhookUrl()).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("mints"),
      });
    }
  });
});

describe("expect", () => {
  it("binds a job to the URL that was submitted with it", async () => {
    const store = memoryStore();
    const { receiver } = boot({ client, store, auth: mintingAuth() });
    const webhookUrl = await receiver.webhookUrl({ ref: "order" });
    expect(await receiver.expect("a", { webhookUrl })).toBe("expected");
    expect(await receiver.expect("b", { webhookUrl, ref: "order" })).toBe("expected");
    expect(await store.get("a")).toMatchObject({ state: "expected", binding: "n1.b3JkZXI" });
  });

  it("binds a job to nothing where no URL is given", async () => {
    const store = memoryStore();
    const { receiver } = boot({ client, store, auth: mintingAuth() });
    await receiver.expect("a");
    expect(await store.get("a")).not.toHaveProperty("binding");
  });

  it.each(["none", { admit: () => ({}) }] as const)(
    "keeps a ref where the URL carries none",
    async (auth) => {
      const store = memoryStore();
      const refs: unknown[] = [];
      const onSucceeded = (_: unknown, ctx: { ref?: string | undefined }) =>
        void refs.push(ctx.ref);
      const { receiver } = boot({ client, store, auth, onSucceeded });
      await receiver.expect("a", { ref: "order" });
      await receiver.expect("b", { ref: "order", webhookUrl: "https://hook.test/b" });
      await receiver.expect("c", { webhookUrl: "https://hook.test/c" });
      for (const id of ["a", "b", "c"]) await deliver(receiver, succeeded(id));
      await pass(1);
      expect(refs).toEqual(["order", "order", undefined]);
    },
  );

  it.each([
    ["a ref without the URL that carries it", { ref: "order" }, /`webhookUrl` that carries it/],
    [
      "a URL that auth refuses",
      { webhookUrl: "https://hook.test/?x=canary" },
      /lets in, not one that is refused as unauthorized/,
    ],
    [
      "a URL that was minted for another ref",
      { webhookUrl: "https://hook.test/?k=n1.b3JkZXI", ref: "canary" },
      /minted with/,
    ],
  ])("refuses %s, and its error does not repeat the value", async (_name, o, message) => {
    const store = memoryStore();
    const { receiver } = boot({ client, store, auth: mintingAuth() });
    const error = await receiver.expect("a", o).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: "invalid_options" });
    expect((error as Error).message).toMatch(message);
    expect(String(error)).not.toContain("canary");
    expect(await store.get("a")).toBeUndefined();
  });

  it.each(["", "a\u0000", "x".repeat(257), undefined, 7])("refuses the id %j", async (jobId) => {
    const { receiver } = boot({ client });
    await expect(receiver.expect(jobId as string)).rejects.toMatchObject({ code: "malformed" });
  });

  it("answers `arrived` when the webhook came first, and no poll follows", async () => {
    const api = fakeApi({ a: succeeded("a") });
    const { receiver } = boot({ client: api.client });
    await deliver(receiver, succeeded("a"));
    expect(await receiver.expect("a")).toBe("arrived");
    await pass(86_400_000);
    expect(api.asked()).toEqual([]);
  });

  it("answers `contested` when the result came by another URL, and deletes nothing", async () => {
    const store = memoryStore();
    const { receiver, of, warnings } = boot({ client, store, auth: mintingAuth() });
    const [ours, theirs] = [
      await receiver.webhookUrl({ ref: "order" }),
      await receiver.webhookUrl(),
    ];
    await receiver.handle(post(succeeded("a"), { url: theirs }));
    expect(await receiver.expect("a", { webhookUrl: ours })).toBe("contested");
    expect(of("conflict")).toMatchObject([
      { jobId: "a", ref: "order", state: "leased", reason: "binding", source: "webhook" },
    ]);
    expect(warnings()).toEqual(["contested"]);
    const message = expect.stringMatching(/^Job a has a result that came by another URL.*ask the/);
    expect(of("warning")).toMatchObject([{ jobId: "a", error: { message } }]);
    expect(of("expected")).toEqual([]);
    expect(await store.get("a")).toMatchObject({ state: "leased", conflicts: 1 });
    expect(await receiver.expect("a", { webhookUrl: theirs })).toBe("arrived");
  });

  it("answers `arrived` in that case when auth confirms: the API's result replaces the delivered one", async () => {
    const api = fakeApi({ a: succeeded("a") });
    const { receiver, of, warnings } = boot({
      client: api.client,
      auth: [mintingAuth(), refetch()],
    });
    const [ours, theirs] = [await receiver.webhookUrl(), await receiver.webhookUrl()];
    await receiver.handle(post(succeeded("a"), { url: theirs }));
    expect(await receiver.expect("a", { webhookUrl: ours })).toBe("arrived");
    expect(of("conflict")).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  it("warns when a job is expected by a second URL, and accepts the result by that one", async () => {
    const { receiver, of, warnings } = boot({ client, auth: mintingAuth() });
    const [first, second] = [await receiver.webhookUrl(), await receiver.webhookUrl()];
    await receiver.expect("a", { webhookUrl: first });
    await receiver.expect("a", { webhookUrl: first });
    expect(warnings()).toEqual([]);
    expect(await receiver.expect("a", { webhookUrl: second })).toBe("expected");
    expect(warnings()).toEqual(["contested"]);
    const message = expect.stringMatching(/^Job a was expected by another.*The newer one counts/);
    expect(of("warning")).toMatchObject([{ jobId: "a", error: { message } }]);
    await receiver.handle(post(succeeded("a"), { url: first }));
    expect(of("conflict")).toMatchObject([{ reason: "binding" }]);
    await receiver.handle(post(succeeded("a"), { url: second }));
    expect(of("stored")).toHaveLength(1);
  });

  it("warns once when the receiver only submits: it is not started and has no client", async () => {
    const { receiver, warnings, of } = boot({ store: durableStore() });
    for (const id of ["a", "b"]) await receiver.expect(id);
    expect(warnings()).toEqual(["not_started", "no_client"]);
    expect(of("warning")[1]?.error.message).toContain("Pass a `client`");
  });

  it("rejects when the store is down, is full or ends with the process", async () => {
    const store = memoryStore({ maxLive: 1 });
    const { receiver } = boot({ client, store });
    await receiver.expect("a");
    await expect(receiver.expect("b")).rejects.toMatchObject({ code: "store_unavailable" });
    await drained(receiver, 100);
    await expect(receiver.expect("c")).rejects.toMatchObject({ code: "draining" });
  });
});
