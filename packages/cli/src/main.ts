#!/usr/bin/env node
import process from "node:process";
import { run } from "./run.ts";

const MAX_END_MS = 1_000;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const interruption = new AbortController();
for (const [signal, code] of Object.entries(SIGNALS)) {
  process.once(signal, () => {
    interruption.abort();
    // `dev` ends by itself. A command that waits for an answer does not.
    setTimeout(() => process.exit(code), MAX_END_MS).unref();
  });
}
// Node's own remarks, such as that its SQLite is experimental, are no part of an output.
process.removeAllListeners("warning");
// The reader has gone, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: interruption.signal,
});
