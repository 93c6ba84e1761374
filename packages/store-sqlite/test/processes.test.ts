import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sqliteStore } from "../src/index.ts";
import { OWNER, result, temporaryFile } from "./support.ts";

const script = fileURLToPath(new URL("writer-process.ts", import.meta.url));
const start = (task: string, path: string) =>
  spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=@abstrakt-webhooks/source", script, task, path],
    { stdio: ["ignore", "pipe", "inherit"] },
  );

describe("several processes on one file", () => {
  it("4 times 250 equal deliveries: 1 leased, 999 duplicates", async () => {
    const path = temporaryFile();
    const outputs = Array.from({ length: 4 }, () => text(start("race", path).stdout));
    const kinds = (await Promise.all(outputs)).flatMap((output) => JSON.parse(output) as string[]);
    expect(kinds.filter((kind) => kind === "leased")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "duplicate")).toHaveLength(999);
    const store = sqliteStore(path);
    expect(await store.get("job")).toMatchObject({ fence: 1, attempts: 1, conflicts: 0 });
    await store.close();
  });

  it("kill -9 loses no acknowledged result, and the next process continues", async () => {
    const path = temporaryFile();
    const child = start("flood", path);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split("\n").length > 200) child.kill("SIGKILL");
    });
    const [, signal] = (await once(child, "close")) as [number | null, string | null];
    const acknowledged = output.split("\n").slice(0, -1);
    expect(signal).toBe("SIGKILL");
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    const store = sqliteStore(path);
    const found = await Promise.all(acknowledged.map((id) => store.get(id)));
    expect(found.filter((record) => record?.state !== "leased")).toEqual([]);
    const again = await store.ingest(result("job-0"), OWNER);
    expect(again).toEqual({ kind: "duplicate", state: "leased" });
    await store.close();
  });
});
