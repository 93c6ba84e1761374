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
      opened.push(openedBy(log));
    }

    const log = app.log();
    let served = 0;
    for (const entry of log) {
      if (entry.event === "served") served = entry.version ?? 0;
      else if (entry.event === "attempt") expect(entry.version).toBeGreaterThanOrEqual(served);
    }
    expect(served).toBe(SAVES);
    const [, , afterThird = new Map<string, number>()] = opened;
    // Next opens and closes its cache as it likes.
    const ofNext = join(app.folder, ".next/");
    const database = ["", "-wal"].map((suffix) => app.jobsFile + suffix);
    for (const file of database) expect(afterThird.get(file), file).toBeGreaterThan(0);
    await vi.waitFor(
      () => {
        const changes = compare(afterThird, openedBy(log));
        const isFault = ({ target, before, after }: Change) =>
          target.startsWith(app.jobsFile) || (after > before && !target.startsWith(ofNext));
        expect(changes.filter(isFault), `Of all changes: ${JSON.stringify(changes)}`).toEqual([]);
      },
      { timeout: 20_000 },
    );
  });
});

const isAttempt = (entry: Entry, version: number, jobId: string): boolean =>
  entry.event === "attempt" && entry.version === version && entry.jobId === jobId;

/** The open handles of a process: how many it has of each file and of each kind. */
type Opened = ReadonlyMap<string, number>;

interface Change {
  readonly target: string;
  readonly before: number;
  readonly after: number;
}

/** Next may close a file of its own at any time, so a smaller number alone is no fault. */
function compare(before: Opened, after: Opened): Change[] {
  const targets = [...new Set([...before.keys(), ...after.keys()])];
  return targets
    .map((target) => ({
      target,
      before: before.get(target) ?? 0,
      after: after.get(target) ?? 0,
    }))
    .filter((change) => change.before !== change.after);
}

/** The process that wrote the log. */
function openedBy(log: readonly Entry[]): Opened {
  const pid = log.find(({ event }) => event === "attempt")?.pid;
  const folder = `/proc/${pid}/fd`;
  const opened = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const target = targetOf(join(folder, name));
    if (target !== undefined) opened.set(target, (opened.get(target) ?? 0) + 1);
  }
  return opened;
}

/** A path, or a kind such as `socket:`. `undefined` when the handle was closed in the meantime. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link).replace(/^(socket|pipe):\[\d+\]$/, "$1:");
  } catch {
    return undefined;
  }
}
