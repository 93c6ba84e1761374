import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@abstrakt-webhooks/client";
import { isAbstraktWebhookError, type JobClient } from "@abstrakt-webhooks/core";
import { equal, ok, type TestApi } from "@abstrakt-webhooks/testing";

const accept: RequestListener = (_, response) => response.writeHead(202).end('{"job_id":"job_1"}');

/** Tests where the `fetch` of two runtimes may differ: redirects, cut connections, none at all. */
export function registerClient({ describe, it }: TestApi): void {
  describe("client", () => {
    it("submits a job and returns its result", () =>
      serving(accept, async (client) => {
        equal(await submit(client), { job_id: "job_1", status: "processing" }, "a submission");
        equal(await client.getJob("job_1"), { job_id: "job_1" }, "a job");
      }));

    it("follows no redirect", () =>
      serving(accept, (_, elsewhere) =>
        serving(
          (_request, response) => response.writeHead(307, { location: elsewhere }).end(),
          async (client) => {
            const { code, status } = await failureOf(submit(client));
            equal({ code, status }, { code: "api_unexpected", status: 307 }, "the failure");
          },
        ),
      ));

    it("reports a connection that breaks, after which a job may run", () =>
      serving(
        ({ socket }) => socket.destroy(),
        async (client) => {
          const { code, mayHaveStarted } = await failureOf(submit(client));
          equal({ code, mayHaveStarted }, { code: "api_unavailable", mayHaveStarted: true }, "it");
        },
      ));

    it("reports an answer that is not complete", () =>
      serving(
        ({ socket }, response) => {
          response.writeHead(202, { "content-length": 100 });
          response.write("{", () => setTimeout(() => socket.destroy(), 20));
        },
        async (client) => {
          const { code, status } = await failureOf(submit(client));
          equal({ code, status }, { code: "api_unavailable", status: 202 }, "the failure");
        },
      ));

    it("reports a connection that was never made, after which no job runs", async () => {
      let url = "";
      await serving(accept, async (_, address) => void (url = address));
      const { code, mayHaveStarted } = await failureOf(submit(clientAt(url)));
      equal({ code, mayHaveStarted }, { code: "api_unavailable", mayHaveStarted: undefined }, "it");
    });

    it("ends a call when its caller aborts it", () =>
      serving(
        () => undefined,
        async (client) => {
          const controller = new AbortController();
          const reason = new Error("enough");
          setTimeout(() => controller.abort(reason), 20);
          const call = client.getJob("job_1", { signal: controller.signal });
          const thrown: unknown = await call.catch((error: unknown) => error);
          ok(thrown === reason, `the signal's reason, not ${String(thrown)}`);
        },
      ));
  });
}

const clientAt = (baseUrl: string): JobClient => createClient({ apiKey: "key", baseUrl });
const submit = (client: JobClient) => client.run("model", { input: {} });

async function serving(
  listener: RequestListener,
  use: (client: JobClient, url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await use(clientAt(url), url);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function failureOf(call: Promise<unknown>) {
  const thrown: unknown = await call.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
  if (isAbstraktWebhookError(thrown)) return thrown;
  throw thrown;
}
