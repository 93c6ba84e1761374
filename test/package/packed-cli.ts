import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Cli } from "../../packages/cli/test/support/cli.ts";
import { root } from "./packages.ts";

/** Runs the binary that npm has installed in an app, each command in its own process. */
export const packedCli = (app: string): Cli => ({
  start(args, { env = {}, cwd = root, stdin = "" } = {}) {
    const written = { stdout: "", stderr: "" };
    const child = spawn(join(app, "node_modules/.bin/abstrakt-webhooks"), args, {
      cwd,
      // Only the path to Node is taken from this process's environment.
      env: { PATH: process.env["PATH"], ...env },
    });
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => (written[name] += text));
    }
    child.stdin.on("error", () => undefined).end(stdin);
    return {
      stdout: () => written.stdout,
      stderr: () => written.stderr,
      interrupt: () => void child.kill("SIGINT"),
      ended: once(child, "close").then(([code]) => ({ code: code as number, ...written })),
    };
  },
});
