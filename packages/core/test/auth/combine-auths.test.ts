import { describe, expect, it, vi } from "vitest";
import { combineAuths, mintUrl } from "../../src/auth/combine-auths.ts";
import { type Auth, memoryStore } from "../../src/index.ts";
import { bodyOf, boot, post, succeeded } from "../receiver/support.ts";

function watched(overrides: Parameters<typeof post>[1] = {}) {
  const store = memoryStore();
  const ingest = vi.spyOn(store, "ingest");
  const body = vi.fn(post(succeeded("a")).body);
  return { store, ingest, body, delivery: post(0, { body, ...overrides }) };
}

const yes: Auth = { admit: () => ({}) };
const no: Auth = { admit: () => false };

it("the receiver checks the method before anything else", async () => {
  const asked = vi.fn(() => false as const);
  const { store, delivery } = watched({ method: "GET" });
  const { receiver } = boot({ store, auth: { admit: asked } });
  expect((await receiver.handle(delivery)).status).toBe(405);
  expect(asked).not.toHaveBeenCalled();
});

it("an auth refuses before the body is read and before the store is asked", async () => {
  const { store, ingest, body, delivery } = watched();
  const inspect = vi.fn(async () => ({ warnings: [] }));
  const { receiver, of } = boot({ store: { ...store, ingest, inspect }, auth: no });
  const ack = await receiver.handle(delivery);
  expect(ack.status).toBe(401);
  expect(bodyOf(ack)).toMatchObject({ received: false, error: { code: "unauthorized" } });
  for (const call of [body, ingest, inspect]) expect(call).not.toHaveBeenCalled();
  expect(of("refused")).toMatchObject([{ status: 401, reason: "unauthorized" }]);
});

describe("several auths must all agree", () => {
  it.each([
    ["both agree", [yes, yes], 200],
    ["the first refuses", [no, yes], 401],
    ["the last refuses", [yes, no], 401],
    ["one is undecided", [yes, { confirm: async () => ({ kind: "unknown" as const }) }], 200],
    ["one admits by a promise", [{ admit: async () => ({}) }, yes], 200],
    ["one refuses by a promise", [yes, { admit: async () => false as const }], 401],
  ])("%s", async (_name, auth, status) => {
    const { receiver } = boot({ auth });
    expect((await receiver.handle(post(succeeded("a")))).status).toBe(status);
  });
});

it("combined auths create no promise where none of them creates one", () => {
  const admit = (...auths: Auth[]) => combineAuths(auths).admit(post(0));
  expect(admit(yes, { admit: () => ({ binding: "b" }) }, yes)).toEqual({ binding: "b" });
  expect(admit(yes, no, yes)).toEqual({ refused: "unauthorized" });
  expect(admit(yes, { admit: async () => ({}) })).toBeInstanceOf(Promise);
});

it("an auth admits by an object without a prototype too", () => {
  const answer = Object.assign(Object.create(null) as object, { binding: "b" });
  expect(combineAuths([{ admit: () => answer }]).admit(post(0))).toEqual({ binding: "b" });
});

it.each(["admit", "verify"] as const)(
  "the error names `%s` when that method of an auth returns nothing",
  async (step) => {
    const auth: Auth = { [step]: () => new Promise(() => undefined) };
    const combined = combineAuths([auth], (expire) => {
      expire();
      return () => undefined;
    });
    const asked =
      step === "admit"
        ? combined.admit(post(0))
        : combined.verify({ bytes: new Uint8Array() }, post(0));
    await expect(asked).rejects.toMatchObject({
      code: "auth_timeout",
      message: `Expected \`${step}\` of \`auth\` to answer within \`limits.bodyTimeoutMs\`, got no answer. Look at what it waits for.`,
    });
  },
);

it.each(["admit", "verify"] as const)(
  "an answer of `%s`, or its rejection, cancels the deadline",
  async (step) => {
    for (const answer of [async () => false, async () => Promise.reject(new Error("no key"))]) {
      const cancel = vi.fn();
      const combined = combineAuths([{ [step]: answer }], () => cancel);
      await Promise.resolve(
        step === "admit"
          ? combined.admit(post(0))
          : combined.verify({ bytes: new Uint8Array() }, post(0)),
      ).catch(() => undefined);
      expect(cancel).toHaveBeenCalledOnce();
    }
  },
);

describe("several auths as one", () => {
  it("have only the methods that one of them has", async () => {
    const none = combineAuths([yes]);
    expect(none).toMatchObject({ needsClient: false, tokenLifeMs: 0 });
    expect([none.confirm, none.mint]).toEqual([undefined, undefined]);
    expect(none.verify({ parsed: {} }, post(0))).toBe(true);
    expect(none.verify({ bytes: new Uint8Array() }, post(0))).toBe(true);
    await expect(mintUrl(none)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/`webhookUrl`.* mints.* signedUrl/),
    });
  });

  it("mint by the first auth that mints, as its own method", async () => {
    const minting = (url: string): Auth & { url: string } => ({
      url,
      async mint(o) {
        return { url: `${this.url}?ref=${o.ref}`, binding: "b" };
      },
    });
    const auth = combineAuths([yes, minting("one"), minting("two")]);
    expect(await mintUrl(auth, { ref: "r" })).toEqual({ url: "one?ref=r", binding: "b" });
    expect((await mintUrl(auth)).url).toBe("one?ref=undefined");
  });

  it("need a client if one of them does, and give the longest life of a URL", () => {
    const auths: Auth[] = [{ tokenLifeMs: 2 }, { tokenLifeMs: 3, needsClient: true }, yes];
    expect(combineAuths(auths)).toMatchObject({ needsClient: true, tokenLifeMs: 3 });
  });

  it("keep the advice of each, besides the advice for a body that is only parsed", () => {
    const auths: Auth[] = [yes, { advice: { one: "Do 1." } }, { advice: { two: "Do 2." } }];
    expect(combineAuths(auths).advice).toEqual({
      raw_body_needed: expect.stringMatching(/before the parser.*`request\.rawBody`/),
      one: "Do 1.",
      two: "Do 2.",
    });
  });
});

describe("several auths that confirm", () => {
  const o = { signal: new AbortController().signal, expected: false, attempt: 1 };
  const truth = succeeded("a", "https://cdn.test/true.png");

  it("get each the result that the one before has confirmed", async () => {
    const sure = vi.fn<NonNullable<Auth["confirm"]>>(async (result) => ({
      kind: "confirmed",
      result,
    }));
    const replacing: Auth = { confirm: async () => ({ kind: "confirmed", result: truth }) };
    const { confirm } = combineAuths([yes, { confirm: sure }, replacing, { confirm: sure }]);
    expect(await confirm?.(succeeded("a"), o)).toEqual({ kind: "confirmed", result: truth });
    expect(sure.mock.calls).toEqual([
      [succeeded("a"), o],
      [truth, o],
    ]);
  });

  it.each(["unknown", "running"] as const)("are not asked after one says %s", async (kind) => {
    const next = vi.fn(async () => ({ kind: "confirmed", result: truth }) as const);
    const { confirm } = combineAuths([{ confirm: async () => ({ kind }) }, { confirm: next }]);
    expect(await confirm?.(truth, o)).toEqual({ kind });
    expect(next).not.toHaveBeenCalled();
  });
});

it.each([
  undefined,
  null,
  {},
  { kind: "confirmed" },
  { kind: "confirmed", result: { job_id: "a", status: "queued" } },
  { kind: "confirmed", result: succeeded("b") },
  { kind: "sure", result: succeeded("a") },
])("the answer %j is no confirmation", async (answer) => {
  const { confirm } = combineAuths([{ confirm: async () => answer as never }]);
  const o = { signal: new AbortController().signal, expected: false, attempt: 1 };
  await expect(confirm?.(succeeded("a"), o)).rejects.toThrow(
    "Expected `confirm` to answer with a result of the job it was asked about.",
  );
});

it("the last binding that an auth returns is kept", async () => {
  const bind = (binding: string): Auth => ({ admit: async () => ({ binding }) });
  const auth = combineAuths([bind("a"), yes, bind("b"), yes]);
  expect(await auth.admit(post(0))).toEqual({ binding: "b" });
});

describe("a wrong answer of an auth refuses the request", () => {
  it.each<[string, unknown, string]>([
    ["undefined", undefined, "unauthorized"],
    ["null", null, "unauthorized"],
    ["true", true, "unauthorized"],
    ["1", 1, "unauthorized"],
    ["text", "yes", "unauthorized"],
    ["a list", [], "unauthorized"],
    ["a misspelt binding", { bindings: "a" }, "unauthorized"],
    ["a binding that is no text", { binding: 5 }, "unauthorized"],
    ["a date", new Date(0), "unauthorized"],
    ["a map", new Map(), "unauthorized"],
    ["an error", new Error("no"), "unauthorized"],
    ["a response", Response.json({}), "unauthorized"],
    ["a reason beside a binding", { refused: "expired", binding: "a" }, "expired"],
    ["a reason", { refused: "expired" }, "expired"],
    ["a reason that is no text", { refused: 1 }, "unauthorized"],
  ])("an answer of %s is refused", async (_name, answer, reason) => {
    for (const admit of [() => answer, async () => answer]) {
      const { receiver, of } = boot({ auth: { admit: admit as () => never } });
      expect((await receiver.handle(post(succeeded("a")))).status).toBe(401);
      expect(of("refused")).toMatchObject([{ reason }]);
    }
  });

  it("a promise of another realm is awaited", async () => {
    const foreign = { then: (resolve: (value: unknown) => void) => resolve(false) };
    const { receiver } = boot({ auth: [{ admit: () => foreign as never }, yes] });
    expect((await receiver.handle(post(succeeded("a")))).status).toBe(401);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no key");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("no key");
      },
    ],
    [
      "throws undefined",
      () => {
        throw undefined;
      },
    ],
  ])(
    "an admit that %s makes the receiver answer 500, and nothing is stored",
    async (_name, throwing) => {
      const { store, ingest, body, delivery } = watched();
      const { receiver, of } = boot({ store: { ...store, ingest }, auth: { admit: throwing } });
      const ack = await receiver.handle(delivery);
      expect(ack.status).toBe(500);
      expect(ack.body).not.toContain("no key");
      for (const call of [body, ingest]) expect(call).not.toHaveBeenCalled();
      expect(of("refused")).toMatchObject([{ status: 500, reason: "internal", error: {} }]);
    },
  );
});

it("the store gets the binding, and a token bound to another job is a conflict", async () => {
  const store = memoryStore();
  await store.expect("a", { pollAfterMs: 1, giveUpAfterMs: 1, binding: "minted" });
  const auth: Auth = { admit: ({ url }) => ({ binding: url }) };
  const { receiver, of } = boot({ store, auth });

  const other = await receiver.handle(post(succeeded("a"), { url: "stolen" }));
  expect(bodyOf(other)).toEqual({ received: true, conflict: true });
  expect(of("conflict")).toMatchObject([{ jobId: "a", reason: "binding", state: "expected" }]);

  const own = await receiver.handle(post(succeeded("a"), { url: "minted" }));
  expect(bodyOf(own)).toEqual({ received: true });
  expect(await store.get("a")).toMatchObject({ binding: "minted", state: "leased" });
});
