import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterAll, beforeAll, expect, inject, vi } from "vitest";
import { runScript, type RunningScript } from "../support/run-script.ts";

const here = import.meta.dirname;

/** A line that the app has logged. */
export interface Entry {
  readonly pid: number;
  readonly event: "attempt" | "handled" | "warning" | "served";
  readonly jobId?: string;
  readonly attempt?: number;
  readonly version?: number;
  readonly ref?: string;
  readonly message?: string;
}

/** A user's app in its own folder, with the packed packages. */
export interface App {
  readonly folder: string;
  readonly jobsFile: string;
  /** Runs a script of its package.json to the end, and expects exit code 0. */
  build(script: string): void;
  /** Starts a server by a script of a package.json; resolves when it is ready. */
  start(script: string, env?: Record<string, string>, folder?: string): Promise<Server>;
  /** The logged lines so far, in order. */
  log(): Entry[];
  /** Adds a line to the log. */
  note(entry: Pick<Entry, "event" | "version">): void;
}

export interface Server extends Omit<RunningScript, "kill"> {
  readonly origin: string;
}

type Lockfile = "next-16" | "next-15" | "bundles";

/** An app for the tests of this file or block; it is removed after them. */
export function useApp(lockfile: Lockfile, source: string): () => App {
  const temporary = mkdtempSync(join(tmpdir(), `abstrakt-webhooks-${lockfile}-`));
  let app: App;
  beforeAll(() => {
    app = createApp(temporary, lockfile, source);
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));
  return () => app;
}

/** Installs the lockfile of this folder, then copies the app and the packages beside it. */
function createApp(temporary: string, lockfile: Lockfile, source: string): App {
  const [folder, data] = [join(temporary, "app"), join(temporary, "data")];
  for (const path of [folder, data]) mkdirSync(path);
  for (const file of ["package.json", "pnpm-lock.yaml", ".npmrc"]) {
    cpSync(join(here, lockfile, file), join(folder, file));
  }
  const install = ["--ignore-workspace", "install", "--frozen-lockfile", "--prefer-offline"];
  execFileSync("pnpm", install, { cwd: folder, stdio: "pipe" });
  cpSync(join(here, source), folder, { recursive: true });
  cpSync(inject("packed"), join(folder, "node_modules/@abstrakt-webhooks"), { recursive: true });

  const [logFile, jobsFile] = [join(data, "log"), join(data, "jobs.db")];
  const files = { LOG_FILE: logFile, JOBS_FILE: jobsFile };
  const BARE = { ...files, NEXT_TELEMETRY_DISABLED: "1" };

  return {
    folder,
    jobsFile,
    build(script) {
      const PATH = process.env["PATH"];
      const built = spawnSync("npm", ["run", "--silent", script], {
        cwd: folder,
        env: { ...BARE, PATH, NODE_ENV: "production" },
        encoding: "utf8",
      });
      expect(built.status, built.stdout + built.stderr).toBe(0);
    },
    async start(script, env = {}, startFolder = folder) {
      const running = runScript(startFolder, script, { env: { ...BARE, ...env, PORT: "0" } });
      const [origin] = await running.seen(/http:\/\/(localhost|127\.0\.0\.1):\d+/);
      await running.seen(/Ready in/);
      return { ...running, origin };
    },
    log() {
      if (!existsSync(logFile)) return [];
      const lines = readFileSync(logFile, "utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line) as Entry);
    },
    note: (entry) => appendFileSync(logFile, `${JSON.stringify(entry)}\n`),
  };
}

/** Stores a result without an attempt, as a process that has ended may have done. */
export async function leaveWaiting(jobsFile: string, jobIds: readonly string[]): Promise<void> {
  const store = sqliteStore(jobsFile);
  const o = { owner: "a process that has ended", leaseMs: 0 };
  for (const jobId of jobIds) {
    const payload = JSON.stringify(succeededPayload({ job_id: jobId }));
    await store.ingest({ jobId, fingerprint: "left", payload, source: "webhook" }, o);
  }
  await store.close();
}

/** Waits until the app's log meets `condition`. */
export const logged = (app: App, condition: (log: Entry[]) => boolean): Promise<Entry[]> =>
  vi.waitFor(
    () => {
      const log = app.log();
      if (!condition(log)) throw new Error(`The log so far: ${JSON.stringify(log.slice(-20))}`);
      return log;
    },
    { timeout: 60_000, interval: 50 },
  );

/** The number of times that the callback has handled a job. */
export const timesHandled = (log: readonly Entry[], jobId: string): number =>
  log.filter((entry) => entry.event === "handled" && entry.jobId === jobId).length;
