import { afterAll, beforeAll } from "vitest";
import { bootRemote } from "./boot-remote.ts";
import { buildNextApp, startNextApp } from "./next-app-process.ts";
import { runSuites } from "./run-suites.ts";

const BUILD_MS = 240_000;
let app: Awaited<ReturnType<typeof startNextApp>>;

beforeAll(async () => {
  await buildNextApp();
  app = await startNextApp();
}, BUILD_MS);
afterAll(() => app.stop());

runSuites("Next under next start", (setup) => bootRemote(app.origin, setup));
