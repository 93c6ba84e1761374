import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { capacityOf } from "../bench/scale/capacity.ts";
import { toScalePage } from "../bench/scale/page.ts";
import type { ReceiversPoint, ScaleResults } from "../bench/scale/results.ts";
import { repositoryRoot } from "./pages.ts";

const textOf = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const recorded = JSON.parse(textOf("test/bench/scale/results.json")) as ScaleResults;

it("docs/scale.md has the recorded results (`pnpm bench docs` writes it)", () => {
  const page = toScalePage(recorded, textOf("test/bench/scale/page.md"));
  expect(textOf("docs/scale.md")).toBe(page);
});

describe("what a store can take", () => {
  const point: ReceiversPoint = {
    store: "postgres",
    receivers: 4,
    perSecond: 5_000,
    cpuMicros: 70,
    databaseMicros: 35,
    roundTrips: 0.1,
  };
  const resultsOf = (change: Partial<ReceiversPoint>): ScaleResults => ({
    ...recorded,
    receivers: [
      { ...point, receivers: 1, cpuMicros: 1 },
      { ...point, ...change },
    ],
    limits: { fsyncMicros: 200, maxConnections: 100 },
  });

  it("is what its parts take while they are busy for seven tenths of the time", () => {
    const { limits, processes, cores } = capacityOf(resultsOf({}), "postgres");
    const bySource = limits.map(({ of, perSecond }) => [of, Math.round(perSecond)]);
    expect(Object.fromEntries(bySource)).toEqual({ node: 10_000, database: 20_000, disk: 35_000 });
    expect({ processes, cores }).toEqual({ processes: 2, cores: 1 });
  });

  it.each([
    ["node", {}],
    ["database", { databaseMicros: 71 }],
    ["disk", { roundTrips: 0.5 }],
  ])("ends first at its %s", (of, change) => {
    expect(capacityOf(resultsOf(change), "postgres").first.of).toBe(of);
  });

  it("does not end at a disk where the store is Redis", () => {
    const redis = capacityOf(resultsOf({ store: "redis" }), "redis");
    expect(redis.limits.map(({ of }) => of)).toEqual(["node", "database"]);
  });
});
