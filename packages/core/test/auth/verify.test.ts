import { describe, expect, it, vi } from "vitest";
import { type Auth, memoryStore } from "../../src/index.ts";
import { bodyOf, boot, forEver, pass, post, succeeded, useFakeTime } from "../receiver/support.ts";

useFakeTime();

type Verify = NonNullable<Auth["verify"]>;
const unauthorized = {
  received: false,
  error: { code: "unauthorized", message: expect.any(String) },
};

it("verify is called after the body is read and before it is parsed or stored", async () => {
  const order: string[] = [];
  const store = memoryStore();
  const ingest = vi.fn((...o: Parameters<typeof store.ingest>) => {
    order.push("ingest");
    return store.ingest(...o);
  });
  const delivery = post(succeeded("a"));
  const note = (name: string): Auth => ({
    admit: () => (order.push(`${name} admits`), {}),
    verify: () => (order.push(`${name} verifies`), true),
  });
  const { receiver } = boot({ auth: [note("one"), note("two")], store: { ...store, ingest } });
  const body = (maxBytes: number) => (order.push("body"), delivery.body(maxBytes));
  expect((await receiver.handle({ ...delivery, body })).status).toBe(200);
  expect(order).toEqual([
    "one admits",
    "two admits",
    "body",
    "one verifies",
    "two verifies",
    "ingest",
  ]);
});

it("verify gets the bytes as they arrived, and the method, URL and headers", async () => {
  const seen: [string, string | undefined][] = [];
  const verify: Verify = (body, { header }) => {
    seen.push([new TextDecoder().decode(body), header("X-Signature")]);
    return true;
  };
  const { receiver } = boot({ auth: { verify } });
  const header = (name: string) => (name === "X-Signature" ? "s" : undefined);
  await receiver.handle(post(succeeded("a"), { header }));
  expect(seen).toEqual([[JSON.stringify(succeeded("a")), "s"]]);
});

it.each<[string, unknown, string]>([
  ["false", false, "unauthorized"],
  ["a reason", { refused: "wrong_signature" }, "wrong_signature"],
  ["an empty reason", { refused: "" }, "unauthorized"],
  ["nothing", undefined, "unauthorized"],
  ["null", null, "unauthorized"],
  ["1", 1, "unauthorized"],
  ["text", "true", "unauthorized"],
  ["an empty object", {}, "unauthorized"],
  ["a list", [true], "unauthorized"],
])("only `true` admits: %s is answered 401", async (_name, answer, reason) => {
  for (const verify of [() => answer, async () => answer]) {
    const store = memoryStore();
    const ingest = vi.spyOn(store, "ingest");
    const { receiver, of } = boot({ store, auth: { verify: verify as Verify } });
    const ack = await receiver.handle(post(succeeded("a")));
    expect([ack.status, bodyOf(ack)]).toEqual([401, unauthorized]);
    expect(of("refused")).toMatchObject([{ status: 401, reason }]);
    expect(ingest).not.toHaveBeenCalled();
  }
});

it("several auths with verify must all agree", async () => {
  const last = vi.fn(() => true);
  const { receiver } = boot({ auth: [{ verify: () => false }, { verify: last }] });
  expect((await receiver.handle(post(succeeded("a")))).status).toBe(401);
  expect(last).not.toHaveBeenCalled();
});

it("a bad signature over a bad body is answered like one over a good body", async () => {
  const { receiver } = boot({ auth: { verify: () => false } });
  const bad = { body: async () => ({ bytes: new TextEncoder().encode("{") }) };
  const [good, broken] = [
    await receiver.handle(post(succeeded("a"))),
    await receiver.handle(post(0, bad)),
  ];
  expect(broken).toEqual(good);
});

it("a body over the limit is answered 413 before verify is called", async () => {
  const verify = vi.fn(() => true);
  const { receiver } = boot({ auth: { verify }, limits: { maxBodyBytes: 10 } });
  expect((await receiver.handle(post(succeeded("a")))).status).toBe(413);
  expect(verify).not.toHaveBeenCalled();
});

it("a body that exists only in parsed form is refused, and verify is not called", async () => {
  const verify = vi.fn(() => true);
  const { receiver, of } = boot({ auth: { verify } });
  for (const parsed of [succeeded("a"), "nothing"]) {
    const ack = await receiver.handle(post(0, { body: async () => ({ parsed }) }));
    expect([ack.status, bodyOf(ack)]).toEqual([401, unauthorized]);
  }
  expect(of("refused")).toMatchObject([
    { reason: "raw_body_needed" },
    { reason: "raw_body_needed" },
  ]);
  expect(verify).not.toHaveBeenCalled();
});

it("the store is not asked before verify has answered", async () => {
  const store = memoryStore();
  const inspect = vi.fn(async () => ({ warnings: [] }));
  const { receiver } = boot({ store: { ...store, inspect }, auth: { verify: () => false } });
  await receiver.handle(post(succeeded("a")));
  expect(inspect).not.toHaveBeenCalled();
});

it("`ingest` does not call verify", async () => {
  const { receiver } = boot({ auth: { verify: () => false } });
  expect(await receiver.ingest(succeeded("a"))).toEqual({ kind: "stored", jobId: "a" });
});

it("a verify that throws is answered 500, and nothing is stored", async () => {
  const fails = () => {
    throw new Error("no key");
  };
  for (const verify of [fails, async () => fails()]) {
    const { receiver, of } = boot({ auth: { verify } });
    const ack = await receiver.handle(post(succeeded("a")));
    expect(ack.status).toBe(500);
    expect(ack.body).not.toContain("no key");
    expect(of("refused")).toMatchObject([{ reason: "internal" }]);
    expect(of("stored")).toEqual([]);
  }
});

describe("an auth that does not answer within bodyTimeoutMs is answered 503", () => {
  const silent: Record<string, readonly Auth[]> = {
    "an admit": [{ admit: () => forEver() as never }],
    "a verify": [{ verify: () => forEver() as never }],
    "the verify of the second auth": [
      { admit: async () => ({}), verify: async () => true },
      { verify: () => forEver() as never },
    ],
  };
  it.each(Object.entries(silent))("%s", async (_name, auth) => {
    const { receiver, of } = boot({ auth, limits: { bodyTimeoutMs: 500 } });
    let answered = false;
    const answer = receiver.handle(post(succeeded("a")));
    void answer.then(() => (answered = true));
    await pass(499);
    expect(answered).toBe(false);
    await pass(1);
    const ack = await answer;
    expect([ack.status, bodyOf(ack)]).toMatchObject([503, { error: { code: "auth_timeout" } }]);
    expect(ack.headers["retry-after"]).toBe("5");
    expect(of("refused")).toMatchObject([{ status: 503, reason: "auth_timeout" }]);
    expect(of("stored")).toEqual([]);
  });

  it("each verify has the whole of bodyTimeoutMs", async () => {
    const slow = <T>(answer: T) =>
      new Promise<T>((resolve) => void setTimeout(() => resolve(answer), 400));
    const auth: Auth = { admit: () => slow({}), verify: () => slow(true) };
    const { receiver } = boot({ auth: [auth, auth], limits: { bodyTimeoutMs: 500 } });
    const answer = receiver.handle(post(succeeded("a")));
    await pass(1_600);
    expect((await answer).status).toBe(200);
  });
});

it("an auth may have verify without admit or confirm", () => {
  expect(() => boot({ auth: { verify: () => true } })).not.toThrow();
});
