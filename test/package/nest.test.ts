import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, inject, it } from "vitest";
import { compile } from "./compile.ts";
import { nestSettings } from "./nest-settings.ts";

const run = promisify(execFile);
const app = inject("apps").nest;

it("a Nest 11 app compiles, and handles a result once", async () => {
  // `nest new` skips the check of library declarations. With `baseUrl`, `express.ts` hides Express.
  const settings = { ...nestSettings[11], skipLibCheck: true, baseUrl: "./nest" };
  const { printed, script } = await compile(app, "5.9", "nest/main.ts", settings);
  expect(printed).toBe("");
  const { stdout } = await run(process.execPath, [script], { cwd: app, timeout: 60_000 });
  expect(JSON.parse(stdout)).toEqual({
    answers: [
      { status: 200, body: { received: true } },
      { status: 200, body: { received: true, duplicate: true } },
    ],
    handled: ["job"],
  });
});
