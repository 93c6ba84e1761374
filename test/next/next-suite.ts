import { deliver, succeededPayload, uniqueJobId } from "@abstrakt-webhooks/testing";
import { expect, it, vi } from "vitest";
import { leaveWaiting, logged, timesHandled, type App, type Server } from "./app.ts";

const OK = [200, { received: true }];
const DUPLICATE = [200, { received: true, duplicate: true }];

export interface Way {
  /** The name of the build script. */
  readonly build: string;
  /** Starts a server from the build. */
  readonly start: (app: App, env?: Record<string, string>) => Promise<Server>;
  /** The exit code when Next ends the server. */
  readonly closed: number;
  /** Whether the app has a route on the edge runtime. */
  readonly edge: boolean;
}

/** The tests of an app, whichever way it was built. */
export function testServer(app: () => App, { build, start, closed, edge }: Way): void {
  const waiting = [1, 2, 3].map(() => uniqueJobId());

  it("`next build` runs no callback although results wait, and the server runs them", async () => {
    const linesBefore = app().log().length;
    await leaveWaiting(app().jobsFile, waiting);
    app().build(build);
    expect(app().log().slice(linesBefore)).toEqual([]);
    await start(app());
    const log = await logged(app(), (all) => waiting.every((jobId) => timesHandled(all, jobId)));
    expect(waiting.map((jobId) => timesHandled(log, jobId))).toEqual([1, 1, 1]);
  });

  it("results are kept in SQLite without any configuration, and each is handled once", async () => {
    const server = await start(app());
    const job = succeededPayload({ job_id: uniqueJobId() });
    expect(await answers(server, "webhook", job, 2)).toEqual([OK, DUPLICATE]);
    await logged(app(), (log) => timesHandled(log, job.job_id) > 0);
    server.terminate();
    await server.ended;
    expect(timesHandled(app().log(), job.job_id)).toBe(1);
    expect(
      app()
        .log()
        .filter(({ event }) => event === "warning"),
    ).toEqual([]);
  });

  it("a page that submits and a route that receives share one receiver", async () => {
    const server = await start(app());
    const page = await (await fetch(server.origin)).text();
    const jobId = /job:(submitted-\d+)/.exec(page)?.[1] ?? "no job";
    expect(await answers(server, "memory", succeededPayload({ job_id: jobId }))).toEqual([OK]);
    await logged(app(), (log) =>
      log.some((entry) => entry.jobId === jobId && entry.ref === "the page"),
    );
  });

  it.runIf(edge)("a route on the edge runtime receives results", async () => {
    const server = await start(app());
    const job = succeededPayload({ job_id: "on-the-edge" });
    expect(await answers(server, "edge", job, 2)).toEqual([OK, DUPLICATE]);
    await vi.waitFor(async () => {
      expect(await (await fetch(`${server.origin}/api/edge`)).json()).toEqual(["on-the-edge"]);
    });
    expect(server.output()).not.toContain("rejected");
  });

  it.each([
    ["Next exits", {}, closed],
    ["with NEXT_MANUAL_SIG_HANDLE, startOnBoot exits", { NEXT_MANUAL_SIG_HANDLE: "true" }, 0],
  ])("the receiver drains on SIGTERM before the process ends: %s", async (_, env, code) => {
    const server = await start(app(), env);
    const job = succeededPayload({ job_id: `slow-${uniqueJobId()}` });
    expect(await answers(server, "webhook", job)).toEqual([OK]);
    await logged(app(), (log) => log.some((entry) => entry.jobId === job.job_id));
    expect(timesHandled(app().log(), job.job_id)).toBe(0);
    server.terminate();
    expect(await server.ended).toBe(code);
    expect(timesHandled(app().log(), job.job_id)).toBe(1);
  });
}

async function answers(server: Server, route: string, payload: object, times = 1) {
  const all = await deliver(`${server.origin}/api/${route}`, payload, { times });
  return all.map(({ status, body }) => [status, body]);
}
