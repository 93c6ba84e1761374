import { succeededPayload, type AdapterSetup } from "@abstrakt-webhooks/testing";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { describe, expect, it } from "vitest";
import { bootServer } from "./boot-server.ts";
import { servers } from "./mounts.ts";
import { countAnswers, head, openRawSocket, type RawSocket } from "./raw-socket.ts";
import type { SocketTarget } from "./socket-suite.ts";

/** A size beyond the buffer that Node has for an unread body. */
const LARGE = "x".repeat(150_000);

type Send = (raw: RawSocket, url: string, body: string) => Promise<void>;

const lengthOf = (body: string) => ({ "content-length": Buffer.byteLength(body) });

/** The ways in which a body may reach the server. */
const ways: Record<string, Send> = {
  "along with its head": async ({ socket }, url, body) => {
    socket.write(head(url, lengthOf(body)) + body);
  },
  "after its head": async ({ socket }, url, body) => {
    socket.write(head(url, lengthOf(body)));
    await sleep(20);
    socket.write(body);
  },
  "in pieces, the first along with its head": async ({ socket }, url, body) => {
    socket.write(head(url, lengthOf(body)) + body.slice(0, 20));
    for (let at = 20; at < body.length; at += Math.ceil(body.length / 5)) {
      await sleep(5);
      socket.write(body.slice(at, at + Math.ceil(body.length / 5)));
    }
  },
  "in chunks without a length": async ({ socket }, url, body) => {
    const chunkOf = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const chunks = chunkOf(body.slice(0, 20)) + chunkOf(body.slice(20));
    socket.write(`${head(url, { "transfer-encoding": "chunked" }) + chunks}0\r\n\r\n`);
  },
};

for (const [name, mount] of Object.entries(servers)) {
  const withRawSocket = async (
    run: (target: SocketTarget, raw: RawSocket) => Promise<void>,
    setup: AdapterSetup = {},
  ) => {
    const target = await bootServer(mount)(setup);
    const raw = await openRawSocket(target.url);
    try {
      await run(target, raw);
      expect(await target.uncaught?.()).toEqual([]);
    } finally {
      raw.socket.destroy();
      await target.drain();
      await target.close?.();
    }
  };
  const receives = (raw: RawSocket, count: number) =>
    raw.receives(new RegExp(`("received":true[^]*){${count}}`));

  describe(name, () => {
    for (const [way, send] of Object.entries(ways)) {
      for (const [size, extra] of Object.entries({ small: {}, large: { seed: LARGE } })) {
        it(`a ${size} body that comes ${way} is accepted, and so is the next on its connection`, () =>
          withRawSocket(async (target, raw) => {
            const payloads = [1, 2].map(() => ({ ...succeededPayload(), ...extra }));
            for (const [index, payload] of payloads.entries()) {
              await send(raw, target.url, JSON.stringify(payload));
              await receives(raw, index + 1);
            }
            const { records } = await target.report();
            const ids = payloads.map(({ job_id }) => job_id);
            expect(records.map(({ jobId }) => jobId).toSorted()).toEqual(ids.toSorted());
          }));
      }
    }

    it("several requests in one packet are accepted", () =>
      withRawSocket(async (target, raw) => {
        const bodies = [1, 2, 3].map(() => JSON.stringify(succeededPayload()));
        raw.socket.write(bodies.map((body) => head(target.url, lengthOf(body)) + body).join(""));
        await receives(raw, 3);
        expect(countAnswers(raw.received())).toBe(3);
        expect((await target.report()).records).toHaveLength(3);
      }));

    it("the connection stays open after a body of the wrong content or size", () =>
      withRawSocket(
        async (target, raw) => {
          const bodies = ["{", "", `"${"x".repeat(2_000)}"`, JSON.stringify(succeededPayload())];
          for (const [index, body] of bodies.entries()) {
            raw.socket.write(head(target.url, lengthOf(body)) + body);
            await raw.receives(new RegExp(`("received":[^]*){${index + 1}}`));
          }
          const statuses = raw.received().match(/(?<=HTTP\/1\.1 )\d+/g);
          expect(statuses).toEqual(["400", "400", "413", "200"]);
        },
        { limits: { maxBodyBytes: 1_000 } },
      ));
  });
}

it("a request emits end and close, for code that waits for its end", async () => {
  const ends: string[] = [];
  const target = await bootServer((receiver) => {
    const webhook = abstraktWebhook(receiver);
    return createServer((request, response) => {
      for (const event of ["end", "close"]) request.on(event, () => ends.push(event));
      void webhook(request, response);
    });
  })({});
  const raw = await openRawSocket(target.url);
  await ways["along with its head"]?.(raw, target.url, JSON.stringify(succeededPayload()));
  await raw.receives(/"received":true/);
  await expect.poll(() => ends).toEqual(["end", "close"]);
  raw.socket.destroy();
  await target.drain();
  await target.close?.();
});
