import { createReceiver, memoryStore } from "@abstrakt-webhooks/core";
import {
  createSubject,
  runAdapterSuite,
  runStoreSuite,
  type AdapterSetup,
  type AdapterTarget,
  type StoreCapabilities,
} from "@abstrakt-webhooks/testing";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { expect, it } from "vitest";

it("a capability of a store that is undefined has its default", () => {
  /** The names of the tests. The name of a skipped test says so. */
  const namesFor = (capabilities: StoreCapabilities): string[] => {
    const names: string[] = [];
    const register = (name: string) => void names.push(name);
    const describe = (_: string, define: () => void) => define();
    const boot = () => Promise.reject(new Error("no test runs"));
    runStoreSuite({ describe, it: register, skip: undefined }, boot, capabilities);
    return names;
  };
  const defaults = namesFor({});
  expect(namesFor({ deadLetters: false })).not.toEqual(defaults);
  expect(namesFor({ expectedJobs: undefined, deadLetters: undefined })).toEqual(defaults);
});

it("the patience with an adapter has its default if it is undefined", async () => {
  const runs: (() => unknown)[] = [];
  const describe = (_: string, define: () => void) => define();
  const register = (_: string, run: () => unknown) => void runs.push(run);
  const boot = (setup: AdapterSetup): AdapterTarget => ({
    ...createSubject(setup).controls,
    async fetch() {
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error("the endpoint has answered");
    },
  });
  runAdapterSuite({ describe, it: register }, boot, { patienceMs: undefined });
  await expect(runs[0]?.()).rejects.toThrow("the endpoint has answered");
});

it("a knob that is undefined keeps its value", async () => {
  const simulator = createSimulator({ failureRate: 1, latency: { minMs: 0, maxMs: 0 } });
  simulator.configure({ failureRate: undefined, latency: undefined, duplicateRate: 1 });
  const headers = { authorization: `Bearer ${simulator.apiKey}` };
  const body = JSON.stringify({ input: { prompt: "waves" } });
  const url = "http://localhost/v1/models/simulated-video/run";
  await simulator.fetch(new Request(url, { method: "POST", headers, body }));
  expect(simulator.jobs()[0]?.plan).toMatchObject({ status: "failed", latencyMs: 0 });
  await simulator.close();
});

it("a receiver and its methods take options that are undefined", async () => {
  const names = ["store", "client", "ack", "background", "retry", "poll", "instrumentation"];
  const callbacks = ["onSucceeded", "onFailed", "onDead", "onEvent", "clock"];
  const options = Object.fromEntries([...names, ...callbacks].map((name) => [name, undefined]));
  const limits = { leaseMs: undefined, concurrency: undefined };
  const store = memoryStore({ maxLive: undefined, clock: undefined });
  const receiver = createReceiver({ auth: "none", ...options, store, limits });
  expect(await receiver.expect("job_undefined", { webhookUrl: undefined, ref: undefined })).toBe(
    "expected",
  );
  const page = await receiver.list({
    after: undefined,
    state: undefined,
    prefix: undefined,
    limit: undefined,
    payloads: undefined,
  });
  expect(page.records.map(({ jobId }) => jobId)).toEqual(["job_undefined"]);
  expect(await receiver.drain({ timeoutMs: undefined })).toMatchObject({ settled: 0 });
});
