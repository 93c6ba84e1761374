import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { entries } from "./packages.ts";

const run = promisify(execFile);

interface Doings {
  environment: string[];
  timers: string[];
  resources: string[];
}

/** The effects of importing `module`, in a new process. */
async function doings(module: string): Promise<Doings> {
  const { stdout } = await run(process.execPath, [
    join(import.meta.dirname, "watch-import.mjs"),
    module,
  ]);
  return JSON.parse(stdout) as Doings;
}

it.each(entries)("the import of $specifier has no effect", async ({ specifier, module }) => {
  const { environment, timers, resources } = await doings(module);
  // Next reads the environment when it is imported. Those reads come from Next and are not counted.
  const ours = environment.filter((at) => !at.includes("/node_modules/next/"));
  expect({ ours, timers, resources }).toEqual({ ours: [], timers: [], resources: [] });
  if (!specifier.endsWith("/next")) expect(environment).toEqual([]);
});

it("the check sees a read, a timer and an open handle", async () => {
  const { environment, timers, resources } = await doings(
    join(import.meta.dirname, "module-with-effects.mjs"),
  );
  expect(environment).toEqual([expect.stringMatching(/^SECRET .*module-with-effects\.mjs/)]);
  expect(timers).toEqual(["setTimeout"]);
  expect(resources).toContain("TCPServerWrap");
});
