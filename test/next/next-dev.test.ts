import { readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { describe, expect, it, vi } from "vitest";
import { logged, useApp, type Entry } from "./app.ts";

const JOBS = 20;
const SAVES = 10;

describe.each(["dev:turbopack", "dev:webpack"])("Next 16, %s", (script) => {
  const useIt = useApp("next-16", "app");

  it("after a file is saved its new callbacks run, and no handle leaks, while jobs wait and fail", async () => {
    const app = useIt();
    const { origin, output } = await app.start(script);
    const hook = `${origin}/api/webhook`;
    const jobIds = Array.from({ length: JOBS }, (_, number) => `fail-${number}`);
    for (const jobId of jobIds) {
      const [answer] = await deliver(hook, succeededPayload({ job_id: jobId }));
      expect(answer?.status, output()).toBe(200);
    }

    const opened: Opened[] = [];
    for (let version = 1; version <= SAVES; version += 1) {
      writeFileSync(join(app.folder, "version.js"), `export const version = ${version};\n`);
      await vi.waitFor(async () => expect(await (await fetch(hook)).json()).toEqual({ version }), {
        timeout: 30_000,
      });
      app.note({ event: "served", version });
      const log = await logged(app, (all) =>
        jobIds.every((jobId) => all.some((entry) => isAttempt(entry, version, jobId))),
      );
      opened.push(countOpened(log));
    }

    const log = app.log();
    let served = 0;
    for (const entry of log) {
      if (entry.event === "served") served = entry.version ?? 0;
      else if (entry.event === "attempt") expect(entry.version).toBeGreaterThanOrEqual(served);
    }
    expect(served).toBe(SAVES);
    const [, , afterThird = { files: 0, sockets: 0 }] = opened;
    const counts = JSON.stringify(opened);
    await vi.waitFor(
      () => {
        const { files, sockets } = countOpened(log);
        expect(files, counts).toBe(afterThird.files);
        // This test's own connections are among them, and the server closes idle ones.
        expect(sockets, counts).toBeLessThanOrEqual(afterThird.sockets);
      },
      { timeout: 20_000 },
    );
  });
});

const isAttempt = (entry: Entry, version: number, jobId: string): boolean =>
  entry.event === "attempt" && entry.version === version && entry.jobId === jobId;

/** The open handles of a process: files, pipes and watchers, and separately its sockets. */
interface Opened {
  readonly files: number;
  readonly sockets: number;
}

/** The process that wrote the log. */
function countOpened(log: readonly Entry[]): Opened {
  const pid = log.find(({ event }) => event === "attempt")?.pid;
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map((name) => targetOf(join(folder, name)));
  const sockets = targets.filter((target) => target?.startsWith("socket:")).length;
  return { files: targets.filter((target) => target !== undefined).length - sockets, sockets };
}

/** `undefined` when the handle was closed in the meantime. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
