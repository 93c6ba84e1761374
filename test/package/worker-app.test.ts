import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { describe, expect, inject, it, onTestFinished, vi } from "vitest";
import {
  bundle,
  inWorkerd,
  migrate,
  skipsWorkerd,
  startWorkerd,
} from "../runtimes/workerd/workerd.ts";
import { root } from "./packages.ts";

const run = promisify(execFile);
const app = inject("apps").workers;

it.each(["typescript-5", "typescript"])("a Workers app type-checks under %s", async (compiler) => {
  const tsc = join(root, "node_modules", compiler, "bin/tsc");
  const strict = ["--noEmit", "--strict", "--skipLibCheck", "false"];
  const target = ["--target", "ES2022", "--lib", "ES2022", "--module", "ESNext"];
  const workers = ["--moduleResolution", "bundler", "--types", "@cloudflare/workers-types"];
  const args = [tsc, ...strict, ...target, ...workers, "worker.ts"];
  const printed = await run(process.execPath, args, { cwd: app }).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string }) => failed.stdout,
  );
  expect(printed).toBe("");
});

describe.skipIf(skipsWorkerd)(inWorkerd("the Workers app in workerd"), () => {
  it("handles a result once", async () => {
    const script = await bundle(join(app, "worker.ts"));
    const workerd = await startWorkerd({ script, d1Databases: ["DB"] });
    onTestFinished(() => workerd.dispose());
    await migrate(workerd);
    const payload = succeededPayload();
    const body = JSON.stringify(payload);
    const post = async () => {
      const response = await workerd.dispatchFetch("http://localhost/hook", {
        method: "POST",
        body,
      });
      return response.json();
    };
    expect(await post()).toEqual({ received: true });
    expect(await post()).toEqual({ received: true, duplicate: true });
    await vi.waitFor(async () => {
      const response = await workerd.dispatchFetch("http://localhost/handled");
      expect(await response.json()).toEqual([payload.job_id]);
    });
  });
});
