// Runs in workerd: the conformance suites and the model, one test for each request.
import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import type { D1Database } from "@abstrakt-webhooks/store-cloudflare";
import {
  createSubject,
  runAdapterSuite,
  runStoreSuite,
  type TestApi,
} from "@abstrakt-webhooks/testing";
import fc from "fast-check";
import { Hono, type ExecutionContext } from "hono";
import { commands } from "../../stores/model-commands.ts";
import { RETENTION, runModel } from "../../stores/run-model.ts";
import { bootD1 } from "./boot-d1.ts";

interface Env {
  readonly DB: D1Database;
}
type Test = () => void | Promise<void>;

const UNIT_MS = 1_000;
/**
 * The tests by name, made again for each request: Workers allow the ids and streams that the suites
 * create only during a request.
 */
function register(env: Env, host: ExecutionContext): Map<string, Test | undefined> {
  const tests = new Map<string, Test | undefined>();
  const path: string[] = [];
  const titled = (name: string): string => [...path, name].join(" > ");
  const api: TestApi = {
    describe(name, define) {
      path.push(name);
      define();
      path.pop();
    },
    it: (name, run) => void tests.set(titled(name), run),
    skip: (name) => void tests.set(titled(name), undefined),
  };
  api.describe("D1 store", () => {
    runStoreSuite(api, bootD1(env.DB), { shared: true, namespaces: true });
  });
  api.describe("Hono", () => {
    runAdapterSuite(api, (setup) => {
      const { receiver, controls } = createSubject(setup);
      const app = new Hono().all("/api/abstrakt-webhook", abstraktWebhook(receiver));
      return { ...controls, fetch: (request) => app.fetch(request, env, host) };
    });
  });
  return tests;
}

/** Runs one history after the other, each on its own store; returns the number of their steps. */
async function compareWithModel(env: Env, seed: number, numRuns: number): Promise<number> {
  let steps = 0;
  const history = fc.asyncProperty(commands(15), async (taken) => {
    steps += taken.length;
    const harness = await bootD1(env.DB)({
      doneTtlMs: RETENTION.done * UNIT_MS,
      deadTtlMs: RETENTION.dead * UNIT_MS,
    });
    await runModel(harness, taken, UNIT_MS);
  });
  await fc.assert(history, { seed, numRuns });
  return steps;
}

export default {
  async fetch(request: Request, env: Env, host: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const number = (name: string): number => Number(searchParams.get(name));
    try {
      if (pathname === "/tests") {
        return Response.json(
          [...register(env, host)].map(([name, run]) => ({ name, skipped: !run })),
        );
      }
      if (pathname === "/model") {
        return Response.json({
          steps: await compareWithModel(env, number("seed"), number("runs")),
        });
      }
      await register(env, host).get(searchParams.get("name") ?? "")?.();
      return Response.json({});
    } catch (thrown) {
      return Response.json({ error: thrown instanceof Error ? thrown.stack : String(thrown) });
    }
  },
};
