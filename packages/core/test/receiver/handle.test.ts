import { expect, it } from "vitest";
import { AbstraktWebhookError, memoryStore, type HttpDelivery } from "../../src/index.ts";
import { asLast } from "../../src/receiver/http/answers.ts";
import { boot, deliver, post, succeeded } from "./support.ts";

const failing = (thrown: unknown): HttpDelivery =>
  post(undefined, { body: () => Promise.reject(thrown) });

it("a request that is refused for its body is no outage of the store", async () => {
  const { receiver, of, warnings } = boot();
  const cause = new TypeError("socket hang up");
  await receiver.handle(failing(new AbstraktWebhookError("body_aborted", "No end.", { cause })));
  expect(of("refused")).toMatchObject([
    {
      reason: "body_aborted",
      error: { code: "TypeError", message: "No end. (TypeError: socket hang up)" },
    },
  ]);
  expect(warnings()).toEqual([]);
});

it("the event of a foreign error has that error's own code", async () => {
  const { receiver, of } = boot();
  await receiver.handle(failing(new RangeError("bad", { cause: new TypeError("worse") })));
  expect(of("refused")).toMatchObject([
    {
      status: 500,
      reason: "internal",
      error: { code: "RangeError", message: "bad (TypeError: worse)" },
    },
  ]);
});

it("a pending job does not end an outage, because nobody asked the store", async () => {
  const store = { ...memoryStore(), ingest: () => Promise.reject(new Error("down")) };
  const { receiver, warnings } = boot({ store });
  await deliver(receiver, succeeded("a"));
  expect(await deliver(receiver, { job_id: "b", status: "queued" })).toMatchObject({ status: 200 });
  await deliver(receiver, succeeded("a"));
  expect(warnings()).toEqual(["store_unavailable"]);
});

it("the event of a refused request has the time since the request began", async () => {
  let nowMs = 5_000;
  const auth = { admit: () => ((nowMs += 7), false as const) };
  const { receiver, of } = boot({ auth, clock: () => nowMs });
  await receiver.handle(post(succeeded("a")));
  expect(of("refused")).toMatchObject([{ status: 401, ackMs: 7 }]);
});

it("a body that auth does not verify is answered 401 and not stored", async () => {
  const store = memoryStore();
  const { receiver } = boot({ store, auth: { verify: async () => false } });
  expect(await receiver.handle(post(succeeded("a")))).toMatchObject({ status: 401 });
  expect(await store.get("a")).toBeUndefined();
});

it("an answer has work only if there is something to do after it", async () => {
  const { receiver } = boot();
  expect(await receiver.handle(post(succeeded("a")))).toHaveProperty("work");
  expect(await receiver.handle(post(succeeded("a")))).not.toHaveProperty("work");
});

it.each([
  ["200 is the last answer", 200, 1, "close"],
  ["503 is the last answer", 503, 1, "close"],
  ["200 to a host that names no version is the last answer", 200, undefined, "close"],
  ["413 may leave the body unread", 413, 1, undefined],
  ["401 may leave the body unread", 401, 1, undefined],
  ["200 shares the connection of HTTP/2", 200, 2, undefined],
])(
  "the connection while the receiver drains: %s",
  (_name, status, httpVersionMajor, connection) => {
    const ack = { status, headers: { allow: "POST" }, body: "{}" };
    const last = asLast(ack, post({}, httpVersionMajor === undefined ? {} : { httpVersionMajor }));
    expect(last.headers["connection"]).toBe(connection);
    expect(last).toMatchObject(ack);
    expect(ack.headers).not.toHaveProperty("connection");
  },
);
