#!/usr/bin/env node
import process from "node:process";
import { run } from "./run.ts";

const MAX_END_MS = 1_000;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const interruption = new AbortController();
for (const [signal, code] of Object.entries(SIGNALS)) {
  process.once(signal, () => {
    interruption.abort();
    // `dev` ends by itself. Other commands may still wait for an answer.
    setTimeout(() => process.exit(code), MAX_END_MS).unref();
  });
}
// Node would print warnings on stderr, for example that its SQLite is experimental.
process.removeAllListeners("warning");
// A reader such as `head` closes the pipe early.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: interruption.signal,
});
process.exitCode = exitCode;
// A connection to a server that no longer answers may not end by itself.
process.stdout.write("", () => setTimeout(() => process.exit(), MAX_END_MS).unref());
