import { appendFileSync } from "node:fs";

/** One line of JSON for the test, in the file that it has named. */
export const log = (entry) =>
  appendFileSync(process.env.LOG_FILE, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
