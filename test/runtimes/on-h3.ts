import { once } from "node:events";
import { createServer, request as httpRequest, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { createSubject, equal, type TestApi } from "@abstrakt-webhooks/testing";
import { watchUncaught } from "../adapters/uncaught-errors.ts";
import { introduce, print } from "./print.ts";
import { createRunner } from "./runner.ts";

/** The part of h3 1 that the tests use. */
interface H3 {
  createApp(): { use(path: string, handler: unknown): unknown };
  eventHandler(handle: (event: unknown) => unknown): unknown;
  toNodeListener(app: unknown): RequestListener;
  toWebRequest(event: unknown): Request;
}

const hosts = createRequire(new URL("../../hosts/package.json", import.meta.url));
const h3 = (await import(pathToFileURL(hosts.resolve("h3")).href)) as H3;
const BODIES = 30;
const MB = 1_000_000;

introduce();
const { api, run } = createRunner();
register(api);
await run(print);
process.exit();

/** Its web request enqueues chunks after `cancel`, and that error would end the process. */
function register({ describe, it }: TestApi): void {
  describe("h3 1, by its web request", () => {
    for (const size of [0.3 * MB, MB, 4 * MB]) {
      it(`${BODIES} bodies of ${size} bytes are each answered 413, and the process survives`, async () => {
        const { receiver, controls } = createSubject({});
        const app = h3.createApp();
        app.use(
          "/hook",
          h3.eventHandler((event) => receiver.fetch(h3.toWebRequest(event))),
        );
        const uncaught = watchUncaught();
        const server = createServer(h3.toNodeListener(app)).listen(0, "127.0.0.1");
        await once(server, "listening");
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
        try {
          const bodies = Array.from({ length: BODIES }, () =>
            statusOf(url, Buffer.alloc(size, " ")),
          );
          const statuses = await Promise.all(bodies);
          equal([...new Set(statuses)], [413], "statuses");
          const good = Buffer.from('{"job_id":"job_1","status":"failed"}');
          equal(await statusOf(url, good), 200, "the status of the next");
          equal(uncaught.seen(), [], "errors that nobody caught");
        } finally {
          uncaught.close();
          await controls.drain();
          server.closeAllConnections();
          server.close();
        }
      });
    }
  });
}

function statusOf(url: string, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method: "POST" }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    })
      .on("error", reject)
      .end(body);
  });
}
