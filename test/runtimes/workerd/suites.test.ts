import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  bundle,
  inWorkerd,
  migrate,
  skipsWorkerd,
  startWorkerd,
  type Miniflare,
} from "./workerd.ts";

const RUNS = 500;
const RUNS_PER_REQUEST = 50;

/** Repeats a failure: `SEED=<the printed seed>`. */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

describe.skipIf(skipsWorkerd)(inWorkerd("the suites in workerd"), () => {
  let workerd: Miniflare;
  beforeAll(async () => {
    const script = await bundle(fileURLToPath(new URL("suites-worker.ts", import.meta.url)));
    workerd = await startWorkerd({ script, d1Databases: ["DB"] });
    await migrate(workerd);
  });
  afterAll(() => workerd?.dispose());

  const ask = async <T>(path: string): Promise<T> =>
    (await (await workerd.dispatchFetch(`http://localhost/${path}`)).json()) as T;

  it("pass: the store suite on D1 and the adapter suite on Hono", async () => {
    const tests = await ask<{ name: string; skipped: boolean }[]>("tests");
    const failed: string[] = [];
    for (const { name } of tests.filter(({ skipped }) => !skipped)) {
      const { error } = await ask<{ error?: string }>(`run?name=${encodeURIComponent(name)}`);
      if (error !== undefined) failed.push(`${name}: ${error}`);
    }
    expect(failed).toEqual([]);
    const skipped = tests.filter((test) => test.skipped).map(({ name }) => name);
    console.log(`in workerd: ${tests.length - skipped.length} tests, skipped:`, skipped);
    expect(tests.length - skipped.length).toBeGreaterThan(150);
  });

  it(`agree with the model in ${RUNS} random histories on D1`, async () => {
    console.log(`D1 store against the model: seed ${seed}, ${RUNS} runs`);
    let steps = 0;
    for (let done = 0; done < RUNS; done += RUNS_PER_REQUEST) {
      const path = `model?seed=${seed + done}&runs=${RUNS_PER_REQUEST}`;
      const answer = await ask<{ steps?: number; error?: string }>(path);
      expect(answer.error).toBeUndefined();
      steps += answer.steps ?? 0;
    }
    expect(steps).toBeGreaterThan(RUNS);
  });
});
