import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startHost, type Host, type Setup } from "./frozen-host/host.ts";

const JOBS = Array.from({ length: 10 }, (_, index) => `job-${index}`);
/** Longer than a lease. */
const LATER = { aheadMs: 61_000, cutOff: false };

function frozenHost(ack: Setup["ack"], { cutOff }: { cutOff: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), "frozen-host-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const first = { folder, ack, cutOff, aheadMs: 0 };
  return {
    host: startHost(first),
    /** A new instance, after the leases of the first one have ended. */
    later: () => startHost({ ...first, ...LATER }),
    ended: () =>
      existsSync(`${folder}/ended`)
        ? readFileSync(`${folder}/ended`, "utf8").trim().split("\n").sort()
        : [],
  };
}

async function deliverAll(host: Host): Promise<number[]> {
  const statuses: number[] = [];
  for (const deliver of JOBS) {
    const { status } = (await host.invoke({ deliver })) as { status: number };
    statuses.push(status);
  }
  return statuses;
}

const ALL_OK = JOBS.map(() => 200);

it("an acknowledged result whose callback was frozen runs once, in the next tick", async () => {
  const { host, later, ended } = frozenHost("stored", { cutOff: true });
  expect(await deliverAll(host)).toEqual(ALL_OK);
  expect(await host.invoke("warnings")).toEqual(["not_started", "no_background"]);
  await host.reclaim();
  expect(ended()).toEqual([]);

  const next = later();
  expect(await next.invoke("tick")).toMatchObject({ claimed: JOBS.length });
  expect(ended()).toEqual(JOBS);
  expect(await next.invoke("tick")).toMatchObject({ claimed: 0 });
});

it('with `ack: "handled"` no callback can be frozen', async () => {
  const { host, later, ended } = frozenHost("handled", { cutOff: false });
  expect(await deliverAll(host)).toEqual(ALL_OK);
  expect(await host.invoke("warnings")).toEqual(["not_started"]);
  await host.reclaim();
  expect(ended()).toEqual(JOBS);
  expect(await later().invoke("tick")).toMatchObject({ claimed: 0 });
});

it('with `ack: "handled"` a callback that exceeds its time is not acknowledged, and the result is sent again', async () => {
  const { host, later, ended } = frozenHost("handled", { cutOff: true });
  expect(await deliverAll(host)).toEqual(JOBS.map(() => 503));
  await host.reclaim();
  expect(ended()).toEqual([]);

  const next = later();
  expect(await deliverAll(next)).toEqual(ALL_OK);
  expect(ended()).toEqual(JOBS);
  expect(await next.invoke("tick")).toMatchObject({ claimed: 0 });
});
