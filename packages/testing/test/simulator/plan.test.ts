import { describe, expect, it } from "vitest";
import { planJob, type Behaviour } from "../../src/simulator/plan.ts";

const calm: Behaviour = {
  latency: { minMs: 10, maxMs: 100 },
  failureRate: 0,
  duplicateRate: 0,
  dropRate: 0,
  reorderRate: 0,
  corruptRate: 0,
};
const plans = (seed: number, behaviour: Behaviour, count = 200) =>
  Array.from({ length: count }, (_, index) => planJob(seed, index, behaviour));
const kindsOf = (behaviour: Behaviour, count = 200) =>
  plans(1, behaviour, count).map((plan) => plan.deliveries.map((delivery) => delivery.kind));

describe("planJob", () => {
  it("makes the same plan for the same seed, and another plan for another seed", () => {
    const wild = { ...calm, failureRate: 0.3, duplicateRate: 0.3, reorderRate: 0.3 };
    expect(plans(1, wild)).toEqual(plans(1, wild));
    expect(plans(1, wild)).not.toEqual(plans(2, wild));
  });

  it("gives each job its own id", () => {
    expect(new Set(plans(3, calm, 5_000).map((plan) => plan.jobId)).size).toBe(5_000);
  });

  it("keeps the latency within its range and spreads it", () => {
    const latencies = plans(1, calm).map((plan) => plan.latencyMs);
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...latencies)).toBeLessThanOrEqual(100);
    expect(new Set(latencies).size).toBeGreaterThan(50);
  });

  it("sends each result once when every rate is 0", () => {
    expect(kindsOf(calm)).toEqual(Array.from({ length: 200 }, () => ["normal"]));
  });

  it.each([
    ["duplicateRate", ["normal", "duplicate"]],
    ["dropRate", []],
    ["reorderRate", ["late"]],
    ["corruptRate", ["corrupt", "normal"]],
  ] as const)("%s of 1 makes every job %j", (rate, kinds) => {
    expect(kindsOf({ ...calm, [rate]: 1 })).toEqual(Array.from({ length: 200 }, () => kinds));
  });

  it("makes as many jobs fail as the rate says", () => {
    const failed = plans(1, { ...calm, failureRate: 0.25 }, 4_000).filter(
      (plan) => plan.status === "failed",
    );
    expect(failed.length).toBeGreaterThan(900);
    expect(failed.length).toBeLessThan(1_100);
  });

  it("changes only one fault when one rate changes", () => {
    const withoutDeliveries = (behaviour: Behaviour) =>
      plans(1, behaviour).map(({ deliveries: _, ...rest }) => rest);
    expect(withoutDeliveries({ ...calm, duplicateRate: 0.5 })).toEqual(withoutDeliveries(calm));
  });

  it("sends a late result after every job submitted at the same time has ended", () => {
    const late = plans(1, { ...calm, reorderRate: 1 });
    for (const { latencyMs, deliveries } of late) {
      expect(latencyMs + (deliveries[0]?.afterMs ?? 0)).toBeGreaterThan(calm.latency.maxMs);
    }
  });

  it("follows what a submission forces, and draws the rest as before", () => {
    const free = planJob(1, 0, calm);
    const forced = planJob(1, 0, calm, {
      status: "failed",
      latencyMs: 5,
      deliveries: ["corrupt", "normal", "conflict"],
    });
    expect(forced).toMatchObject({
      jobId: free.jobId,
      variant: free.variant,
      status: "failed",
      latencyMs: 5,
      deliveries: [{ kind: "corrupt" }, { kind: "normal" }, { kind: "conflict" }],
    });
  });
});
