import { copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { createReceiver, type ReceiverEvent } from "@abstrakt-webhooks/core";
import { failedPayload } from "@abstrakt-webhooks/testing";
import { describe, expect, it } from "vitest";
import { sqliteStore, type SqliteStore } from "../src/index.ts";
import { leased, openDatabase, OWNER, query, result, temporaryFile } from "./support.ts";

const MOVED = {
  code: "store_unavailable",
  message: expect.stringContaining("was deleted or replaced while it was open"),
};

/** Accidents with a file that is in use. */
const accidents: Record<string, (path: string) => void> = {
  deleted: (path) => rmSync(path),
  "moved away": (path) => renameSync(path, `${path}.old`),
  "replaced by a copy": (path) => {
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
  },
};

const opened: Record<string, (path: string) => SqliteStore> = {
  "a path": (path) => sqliteStore(path),
  "an open database": (path) => sqliteStore(openDatabase(path)),
};

for (const [how, open] of Object.entries(opened)) {
  describe(`a file that was opened by ${how}`, () => {
    it.each(Object.entries(accidents))("and is %s accepts no more calls", async (_, happen) => {
      const path = temporaryFile();
      const store = open(path);
      const lease = await leased(store, "before");
      happen(path);
      const refused = expect.objectContaining(MOVED);
      await expect(store.ingest(result("after"), OWNER)).rejects.toEqual(refused);
      await expect(store.ingest(result("before"), OWNER)).rejects.toEqual(refused);
      await expect(store.settle(lease, { to: "done" })).rejects.toEqual(refused);
      await expect(store.claim({ ...OWNER, limit: 1 })).rejects.toEqual(refused);
      await expect(store.ready()).rejects.toEqual(refused);
      await store.close();
    });
  });
}

describe("a file that was moved", () => {
  it("is answered 503 with one warning, and is used again once it is back", async () => {
    const path = temporaryFile();
    const store = sqliteStore(path);
    const events: ReceiverEvent[] = [];
    const receiver = createReceiver({
      auth: "none",
      store,
      onEvent: (event) => void events.push(event),
    });
    const payload = failedPayload();
    const deliver = async () => {
      const body = JSON.stringify(payload);
      const request = new Request("http://localhost/hook", { method: "POST", body });
      return (await receiver.fetch(request)).status;
    };
    await store.get("opens the file");
    renameSync(path, `${path}.old`);
    expect([await deliver(), await deliver()]).toEqual([503, 503]);
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.error] : []));
    const unavailable = warnings.filter(({ code }) => code === MOVED.code);
    expect(unavailable).toEqual([expect.objectContaining(MOVED)]);
    renameSync(`${path}.old`, path);
    expect(await deliver()).toBe(200);
    await receiver.drain();
    await store.close();
  });
});

describe("close", () => {
  it.each(Object.entries(opened))("leaves all rows in the file, opened by %s", async (_, open) => {
    const path = temporaryFile();
    const store = open(path);
    const big = { ...result("big"), payload: "x".repeat(200_000) };
    await store.ingest(big, OWNER);
    await store.close();
    const wal = `${path}-wal`;
    expect(existsSync(wal) ? statSync(wal).size : 0).toBe(0);
    copyFileSync(path, `${path}.backup`);
    const rows = query(openDatabase(`${path}.backup`), "SELECT job_id FROM abstrakt_jobs");
    expect(rows).toEqual([{ job_id: "big" }]);
  });
});
