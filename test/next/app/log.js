import { appendFileSync } from "node:fs";

/** Writes one line of JSON to the file that the test has named. */
export const log = (entry) =>
  appendFileSync(process.env.LOG_FILE, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
