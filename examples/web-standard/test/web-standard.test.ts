import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import * as astro from "../astro.ts";
import * as elysia from "../elysia.ts";
import nextPages from "../next-pages.ts";
import { action } from "../react-router.ts";
import { receiver } from "../receiver.ts";
import * as sveltekit from "../sveltekit.ts";

const PATH = "/api/abstrakt-webhook";
afterEach(() => void vi.restoreAllMocks());

/** Delivers a result twice, and expects both answers and one callback. */
async function expectHandledOnce(target: Parameters<typeof deliver>[0]): Promise<void> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const payload = succeededPayload();
  const answers = await deliver(target, payload, { times: 2 });
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, { received: true }],
    [200, { received: true, duplicate: true }],
  ]);
  await receiver.idle();
  expect(log.mock.calls).toEqual([[expect.stringContaining(`${payload.job_id} succeeded`)]]);
}

describe("passes its work to the host's waitUntil", () => {
  const host = { kept: 0, waitUntil: (_work: Promise<unknown>) => void (host.kept += 1) };
  it.each<[name: string, fetch: (request: Request) => Response | Promise<Response>]>([
    ["SvelteKit", (request) => sveltekit.POST({ request, platform: { ctx: host } })],
    ["Astro", (request) => astro.POST({ request, locals: { cfContext: host } })],
  ])("%s", async (_, fetch) => {
    host.kept = 0;
    await expectHandledOnce({ fetch });
    expect(host.kept).toBe(1);
  });
});

it.each<[name: string, fetch: (request: Request) => Response | Promise<Response>]>([
  ["SvelteKit on Node", (request) => sveltekit.POST({ request })],
  ["Astro on Node", (request) => astro.POST({ request, locals: {} })],
  ["React Router and Remix", (request) => action({ request })],
  ["Elysia", (request) => elysia.webhook({ request })],
])("%s", (_, fetch) => expectHandledOnce({ fetch }));

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => server.close().closeAllConnections());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
}

it("Next's Pages Router", async () => {
  await expectHandledOnce(await listen((request, response) => nextPages(request, response)));
});
