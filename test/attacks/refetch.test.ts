import { refetch, type JobClient } from "@abstrakt-webhooks/core";
import { failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { adapters, bootEndpoint, type Endpoint } from "./endpoint.ts";

const truth = succeededPayload();
const forged = JSON.stringify(failedPayload({ job_id: truth.job_id }));
const down = () => Promise.reject(new Error("503"));

/** An open endpoint with `refetch`. The API gives these answers in turn. */
async function boot(adapter: string, ...answers: (() => Promise<unknown>)[]) {
  const getJob = vi.fn<JobClient["getJob"]>(async () => answers.shift()?.());
  const endpoint = await bootEndpoint(adapter, {
    auth: refetch({ client: { getJob } }),
    retry: { minDelayMs: 5, maxDelayMs: 10 },
  });
  return { endpoint, getJob };
}
const dead = ({ events }: Endpoint) =>
  vi.waitFor(() => {
    const event = events.find(({ type }) => type === "dead");
    expect(event).toBeDefined();
    return event;
  }, 10_000);
const handed = (endpoint: Endpoint) =>
  vi.waitFor(() => {
    expect(endpoint.events.filter(({ type }) => type === "done")).toHaveLength(1);
    return endpoint.handed;
  }, 10_000);

describe.each(adapters)("%s", (adapter) => {
  let endpoint: Endpoint;
  afterEach(() => endpoint.close());

  it("the callback gets the API's data instead of a forged payload", async () => {
    ({ endpoint } = await boot(adapter, async () => truth));
    expect((await endpoint.send("", forged)).status).toBe(200);
    expect(await handed(endpoint)).toEqual([truth]);
  });

  it("the receiver retries while the API is down, and loses nothing", async () => {
    const booted = await boot(
      adapter,
      ...Array.from({ length: 15 }, () => down),
      async () => truth,
    );
    ({ endpoint } = booted);
    await endpoint.send("", forged);
    expect(await handed(endpoint)).toEqual([truth]);
    expect(booted.getJob).toHaveBeenCalledTimes(16);
  });

  it("the third answer that a job is unknown makes it dead, and then the true result is accepted", async () => {
    const unknown = async () => undefined;
    const booted = await boot(adapter, unknown, down, unknown, down, unknown, async () => truth);
    ({ endpoint } = booted);
    await endpoint.send("", forged);
    expect(await dead(endpoint)).toMatchObject({ reason: "unknown_job" });
    expect(booted.getJob).toHaveBeenCalledTimes(5);
    expect(endpoint.handed).toEqual([]);
    expect(await endpoint.send("", JSON.stringify(truth))).toEqual({
      status: 200,
      text: '{"received":true}',
    });
    expect(await handed(endpoint)).toEqual([truth]);
  });

  it("an expected job is never replaced", async () => {
    ({ endpoint } = await boot(adapter));
    await endpoint.receiver.expect(truth.job_id);
    await endpoint.send("", forged);
    expect(await dead(endpoint)).toMatchObject({ reason: "attempts_exhausted", attempt: 10 });
    expect((await endpoint.send("", JSON.stringify(truth))).text).toContain('"conflict":true');
  });
});
