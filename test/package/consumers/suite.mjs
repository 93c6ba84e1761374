// Runs the published adapter suite on the installed framework; prints the failed tests.
import { createSubject, runAdapterSuite } from "@abstrakt-webhooks/testing";

const [mount] = process.argv.slice(2);

const mounts = {
  async hono() {
    const { abstraktWebhook } = await import("@abstrakt-webhooks/hono");
    const { Hono } = await import("hono");
    return (receiver) => new Hono().all("/api/abstrakt-webhook", abstraktWebhook(receiver)).fetch;
  },
  async next() {
    const { abstraktWebhook } = await import("@abstrakt-webhooks/next");
    return (receiver) => abstraktWebhook(receiver);
  },
};

const toFetch = await mounts[mount]();
const tests = [];
const path = [];
runAdapterSuite(
  {
    describe(name, define) {
      path.push(name);
      define();
      path.pop();
    },
    it: (name, run) => void tests.push({ name: [...path, name].join(" > "), run }),
    skip() {},
  },
  (setup) => {
    const { receiver, controls } = createSubject(setup);
    const fetch = toFetch(receiver);
    return { ...controls, fetch: (request) => fetch(request) };
  },
);

const failed = [];
for (const { name, run } of tests) {
  await run().catch((error) => failed.push(`${name}: ${error.message}`));
}
console.log(JSON.stringify({ ran: tests.length, failed }));
