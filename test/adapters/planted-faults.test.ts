import { createServer } from "node:http";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import {
  createSubject,
  runAdapterSuite,
  type AdapterCapabilities,
} from "@abstrakt-webhooks/testing";
import { describe, expect, it } from "vitest";
import { bootServer } from "./boot-server.ts";
import { collectTests } from "./collect-tests.ts";
import { adapters } from "./faulty-adapters.ts";
import { runSocketSuite } from "./socket-suite.ts";

/** For faults that are seen only because something does not happen in time. */
const IMPATIENT = { patienceMs: 800 };
const handedOver = "accepted > a new result that succeeded is received, and its callback runs";

/** The test that must fail for each fault, and the message of its error. */
const FAULTS: Record<Exclude<keyof typeof adapters, "sound">, readonly [string, RegExp]> = {
  awaitsCallback: [
    "background > the answer comes before the callback has ended",
    /an answer within/,
  ],
  dropsWork: [handedOver, /a callback that ends within/],
  startsByImmediate: [
    "hosts > when setImmediate throws, every callback runs and every slot is freed",
    /setImmediate is not supported/,
  ],
  serialisesAnew: ["good bodies > white space around it: accepted, and kept unchanged", /payload/],
  tidiesText: [
    "signed bodies > a signed body that comes in one piece is accepted",
    /expected \[200.*got \[401/,
  ],
  swallows503: ["refused > a store that fails is 503", /status: expected 503, got 200/],
  losesHeadersOfAnswer: ["refused > a store that fails is 503", /Retry-After/],
  handsInTwice: [handedOver, /answer: .*"duplicate":true/],
  ignoresLimit: ["bad bodies > an endless body is 413 and is not read on", /less than 64 MiB read/],
  readsBeforeAdmission: [
    "refused > no token is 401 before the body is read or the store asked",
    /an answer within/,
  ],
  losesQuery: [
    "refused > a token in the URL or in a header is accepted",
    /expected \[200.*got \[401/,
  ],
  losesHeaders: [
    "refused > a token in the URL or in a header is accepted",
    /expected \[200.*got \[401/,
  ],
  readsFirstChunk: [
    "good bodies > one byte at a time: accepted, and kept unchanged",
    /expected \[200.*got \[400/,
  ],
  limitsTooEarly: ["good bodies > a body of exactly the limit", /expected 200, got 413/],
  saysReceivedAlone: [
    "accepted > a pending status is ignored",
    /answer: expected .*"ignored":true/,
  ],
  timesOutItself: [
    'ack: "handled" > a callback that ends at the timeout gets one answer',
    /not 504/,
  ],
  receiverPerRequest: [
    "polls > a result without a webhook is polled, and a later webhook is a duplicate",
    /answer: expected .*"duplicate":true/,
  ],
  answersRepeatsItself: [
    "polls > a poll and 50 webhooks at once run one callback",
    /all of them at the store, and a row that is done within/,
  ],
  answersFirst: [
    "polls > `expect` after a webhook answers arrived, and nothing is polled",
    /expect: expected "arrived", got "expected"/,
  ],
  cancelsAtOnce: [
    "pushed bodies > a body that the host pushes on after a 413 ends without an error",
    /how the body ended: expected "it was closed"/,
  ],
  countsNoEmptyChunks: [
    "bad bodies > a stream of empty chunks is 413 and is not read on",
    /status: expected 413, got 400/,
  ],
  knowsOneEncoding: [
    "good bodies > content encoding identity, twice: accepted, and kept unchanged",
    /expected \[200.*got \[415/,
  ],
  ignoresEncoding: ["bad bodies > content encoding gzip is 415", /expected 415, got 400/],
};

describe("planted faults", () => {
  const testsOf = (name: keyof typeof adapters, capabilities?: AdapterCapabilities) =>
    collectTests((api) =>
      runAdapterSuite(
        api,
        (setup) => {
          const { receiver, controls } = createSubject(setup);
          return { ...controls, fetch: adapters[name](receiver) };
        },
        capabilities,
      ),
    );

  for (const [name, [title, message]] of Object.entries(FAULTS)) {
    it(`the fault ${name} is caught by: ${title}`, async () => {
      const capabilities = message.source.includes("within") ? IMPATIENT : {};
      const test = testsOf(name as keyof typeof adapters, capabilities).get(title);
      await expect(test?.()).rejects.toThrow(message);
    });
  }

  const titles = Object.values(FAULTS).map(([title]) => title);
  it.each([...new Set(titles)])("an adapter without a fault passes: %s", async (title) => {
    await testsOf("sound").get(title)?.();
  });

  it("an adapter that answers twice is caught by the test on a raw socket", async () => {
    const again = 'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"received":true}';
    const boot = bootServer((receiver) => {
      const handler = abstraktWebhook(receiver);
      return createServer((request, response) => {
        response.on("finish", () => request.socket.write(again));
        void handler(request, response);
      });
    });
    const tests = collectTests((api) => runSocketSuite(api, boot));
    const test = tests.get(
      "on a raw socket > the sender gets one answer when the callback ends after its timeout",
    );
    await expect(test?.()).rejects.toThrow(/answers: expected 1, got 2/);
  });
});
