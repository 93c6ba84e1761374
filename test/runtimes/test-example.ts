import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it, onTestFinished } from "vitest";
import { expectHandledOnce, handled } from "../support/expect-handled-once.ts";
import { runScript } from "../support/run-script.ts";
import { binaryOf, named, skipsMissing, type RuntimeName } from "./binaries.ts";

/** Tests an example that keeps its jobs in the SQLite file named by DATABASE. */
export function testExampleOn(runtime: RuntimeName, example: string): void {
  const binary = binaryOf(runtime);
  it.skipIf(binary === undefined && skipsMissing)(
    named(
      "the example handles each result once, also across a restart, and ends after SIGTERM",
      runtime,
    ),
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "example-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const PATH = `${dirname(binary ?? "")}:${process.env["PATH"]}`;
      const env = { PATH, PORT: "0", DATABASE: join(folder, "jobs.db") };
      const start = async () => {
        const app = runScript(example, "start", { env });
        const [url] = await app.seen(/http:\S+/);
        return { app, url };
      };

      const first = await start();
      await expectHandledOnce(first.app, first.url, { durable: true });

      const payload = succeededPayload();
      for (const known of [false, true]) {
        const { app, url } = await start();
        const [answer] = await deliver(url, payload);
        expect(answer?.body).toEqual({ received: true, ...(known && { duplicate: true }) });
        if (!known) await handled(app, payload.job_id);
        app.terminate();
        expect(await app.ended).toBe(0);
        expect(app.output().match(/^job_.*/gm) ?? []).toHaveLength(known ? 0 : 1);
      }
    },
  );
}
