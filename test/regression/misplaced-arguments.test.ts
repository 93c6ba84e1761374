import { createClient, type SendRequest } from "@abstrakt-webhooks/client";
import {
  createReceiver,
  memoryStore,
  signedUrl,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";
import { describe, expect, it } from "vitest";

const url = "https://app.test/hook";
const auth = signedUrl({ secrets: ["a secret of 32 characters or more"], url });
let calls = 0;

/** A receiver whose client counts its calls. `loose` accepts what code without types passes. */
function open(): { readonly [name: string]: (...args: unknown[]) => Promise<unknown> } {
  const client = {
    run: async () => ({ job_id: `job_${(calls += 1)}`, status: "processing" }),
    getJob: async () => undefined,
  };
  const options: ReceiverOptions = { auth, client, store: memoryStore(), onEvent: () => undefined };
  return createReceiver(options) as never;
}

const later = Promise.resolve({ prompt: "a beach" });
const model = "nano-banana-pro-edit";

describe("a method refuses options that it does not take, before it does anything", () => {
  it.each<[string, (receiver: ReturnType<typeof open>) => unknown, string]>([
    ["expect, a URL", (r) => r["expect"]?.("job_1", url), "such as { webhookUrl }, got string"],
    ["expect, a URL object", (r) => r["expect"]?.("job_1", new URL(url)), "got URL"],
    ["expect, a promise", (r) => r["expect"]?.("job_1", r["webhookUrl"]?.()), "got Promise"],
    ["expect, { url }", (r) => r["expect"]?.("job_1", { url }), "Did you mean `webhookUrl`?"],
    ["submit, a ref", (r) => r["submit"]?.(model, {}, "order-7"), "{ ref }, got string"],
    [
      "submit, { reference }",
      (r) => r["submit"]?.(model, {}, { reference: "order-7" }),
      "Did you mean `ref`?",
    ],
    [
      "submit, a promise",
      (r) => r["submit"]?.(model, later),
      "`input` to be a value, got a promise",
    ],
    [
      "submit, a promise within the input",
      (r) => r["submit"]?.(model, { prompt: later }),
      "`input.prompt` to be a value, got a promise. Put `await` before it",
    ],
    ["result, a number", (r) => r["result"]?.("job_1", 1_000), "{ timeoutMs }, got 1000"],
    ["result, { timeout }", (r) => r["result"]?.("job_1", { timeout: 1 }), "mean `timeoutMs`?"],
    [
      "result, a signal",
      (r) => r["result"]?.("job_1", AbortSignal.abort()),
      "{ timeoutMs }, got AbortSignal",
    ],
    ["webhookUrl, a ref", (r) => r["webhookUrl"]?.("order-7"), "{ ref }, got string"],
    [
      "webhookUrl, { expiresIn }",
      (r) => r["webhookUrl"]?.({ expiresIn: 3 }),
      "mean `expiresInMs`?",
    ],
    ["list, a state", (r) => r["list"]?.("dead"), "such as { state }, got string"],
    ["list, { status }", (r) => r["list"]?.({ status: "dead" }), "Did you mean `state`?"],
  ])("%s", async (_, call, advice) => {
    const before = calls;
    const receiver = open();
    const thrown = await rejectionOf(call(receiver));
    expect(thrown).toMatchObject({ code: "invalid_options" });
    expect(thrown.message).toContain(advice);
    expect(thrown.message).not.toMatch(/app\.test|order-7/);
    expect(thrown.stack?.split("\n    at ")[1]).toContain("misplaced-arguments.test.ts");
    expect(calls).toBe(before);
    expect(await receiver["stats"]?.()).toMatchObject({ expected: 0 });
  });

  it.each([undefined, { job_id: "job_1" }, ""])(
    "result and expect refuse the id %j",
    async (id) => {
      for (const method of ["result", "expect"]) {
        const thrown = await rejectionOf(open()[method]?.(id));
        expect(thrown).toMatchObject({ code: "malformed" });
        expect(thrown.message).toContain("Expected `jobId` to be a string of 1 to 256 characters");
      }
    },
  );

  it("an id that is a job is told to be its `job_id`", async () => {
    const thrown = await rejectionOf(open()["result"]?.({ job_id: "job_1" }));
    expect(thrown.message).toContain("got object. Pass the `job_id` of the job.");
  });

  it("drain ignores what a signal or a hook passes to its listener", async () => {
    for (const given of ["SIGTERM", 0, { server: "closes" }]) {
      await expect(open()["drain"]?.(given)).resolves.toMatchObject({ lost: 0 });
    }
  });

  it("known options are accepted, also in an instance of a class and without a value", async () => {
    class Query {
      state = "dead";
      limit = undefined;
    }
    const receiver = open();
    await receiver["list"]?.(new Query());
    await receiver["submit"]?.(model, { prompt: "a beach" }, { ref: "order-7", signal: undefined });
  });

  it("the inspector names a misspelt option", () => {
    const make = (options: unknown) => () => inspector(open() as never, options as never);
    const authorize = () => true;
    expect(make({ authorize, readonly: true })).toThrow("Did you mean `readOnly`?");
    expect(make(authorize)).toThrow("such as { authorize }, got function");
  });

  it("the client sends no input that is a promise, or holds one", async () => {
    const send: SendRequest = async () => expect.fail("sent");
    const client = createClient({ apiKey: "k", fetch: send });
    await expect(client.run(model, { input: later })).rejects.toThrow(
      "Expected `input` to be a value, got a promise. Put `await` before it.",
    );
    await expect(client.run(model, { input: { prompt: later } })).rejects.toThrow("`input.prompt`");
  });
});

async function rejectionOf(call: unknown): Promise<Error> {
  try {
    await call;
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error("it did not reject");
}
