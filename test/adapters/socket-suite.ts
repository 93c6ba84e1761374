import {
  equal,
  ok,
  succeededPayload,
  type AdapterSetup,
  type AdapterTarget,
  type SubjectReport,
  type TestApi,
} from "@abstrakt-webhooks/testing";
import { setTimeout as sleep } from "node:timers/promises";
import { countAnswers, head, openRawSocket, type RawSocket } from "./raw-socket.ts";

/** A target with a TCP address. */
export interface SocketTarget extends AdapterTarget {
  readonly url: string;
  /** The memory of the endpoint's process. */
  memory(): Promise<{ heapUsed: number; arrayBuffers: number }>;
}

const SIZE = 65_536;
const MOST_BYTES_HELD = 48 * 1_048_576;
const small = { limits: { maxBodyBytes: 1_000 } };
const impatient = { limits: { ...small.limits, bodyTimeoutMs: 300 } };

/** Tests that need a raw socket. */
export function runSocketSuite(
  { describe, it }: TestApi,
  boot: (setup: AdapterSetup) => Promise<SocketTarget>,
): void {
  const test = (
    name: string,
    setup: AdapterSetup,
    run: (target: SocketTarget, raw: RawSocket) => Promise<void>,
  ) =>
    it(name, async () => {
      const target = await boot(setup);
      const raw = await openRawSocket(target.url);
      try {
        await run(target, raw);
        equal(await target.uncaught?.(), [], "errors that nobody caught");
      } finally {
        raw.socket.destroy();
        await target.release();
        await target.drain();
        await target.close?.();
      }
    });

  describe("on a raw socket", () => {
    const endings: Record<string, AdapterSetup> = {
      before: { callback: "slow", slowMs: 1, limits: { ackTimeoutMs: 2_000 } },
      "at the same time as": { callback: "slow", slowMs: 50, limits: { ackTimeoutMs: 50 } },
      after: { callback: "slow", slowMs: 100, limits: { ackTimeoutMs: 50 } },
      "with an error before": { callback: "reject", limits: { ackTimeoutMs: 2_000 } },
    };
    for (const [when, setup] of Object.entries(endings)) {
      const handled = { ...setup, ack: "handled", retry: { maxAttempts: 1 } } as const;
      test(
        `the sender gets one answer when the callback ends ${when} its timeout`,
        handled,
        async (target, raw) => {
          for (const expected of [1, 2]) {
            const payload = succeededPayload();
            post(target, raw, payload);
            await raw.receives(new RegExp(`(HTTP/1\\.1 [^]*"received":[^]*){${expected}}`));
            await until(target, ({ records }) =>
              records.some(
                ({ jobId, state }) => jobId === payload.job_id && /done|dead/.test(state),
              ),
            );
            equal(countAnswers(raw.received()), expected, "answers");
          }
        },
      );
    }

    test("a body that is longer than its length is cut there", small, async (target, raw) => {
      const body = JSON.stringify(succeededPayload());
      raw.socket.write(head(target.url, { "content-length": body.length - 10 }) + body);
      await raw.receives(/HTTP\/1\.1 400 /);
      equal((await target.report()).records, [], "rows");
    });

    test(
      "a body that is shorter than its length is waited for, until 408",
      impatient,
      async (target, raw) => {
        const body = JSON.stringify(succeededPayload());
        raw.socket.write(head(target.url, { "content-length": body.length + 10 }) + body);
        await raw.receives(/HTTP\/1\.1 408 /);
        equal((await target.report()).records, [], "rows");
      },
    );

    test(
      "a huge length with a short body counts only the bytes that arrive",
      impatient,
      async (target, raw) => {
        raw.socket.write(head(target.url, { "content-length": 1e12 }) + "{}");
        await raw.receives(/HTTP\/1\.1 (408|413) /);
      },
    );

    test(
      "an endless body is answered, is not kept in memory, and is cut off",
      small,
      async (target, raw) => {
        const heldBefore = await bytesHeld(target);
        raw.socket.write(head(target.url, { "transfer-encoding": "chunked" }));
        const sending = sendForEver(raw);
        await raw.receives(/HTTP\/1\.1 413 /);
        await raw.closed();
        await sending;
        const held = (await bytesHeld(target)) - heldBefore;
        ok(held < MOST_BYTES_HELD, `less than ${MOST_BYTES_HELD} bytes held, not ${held}`);
        equal((await target.report()).records, [], "rows");
      },
    );

    test(
      "the connection of a sender that stops within the body is closed",
      impatient,
      async (target, raw) => {
        raw.socket.write(head(target.url, { "content-length": 100 }) + "{");
        await raw.receives(/HTTP\/1\.1 408 /);
        await raw.closed();
        equal(countAnswers(raw.received()), 1, "answers");
      },
    );

    test(
      "a sender that breaks off within the body leaves no row",
      impatient,
      async (target, raw) => {
        const body = JSON.stringify(succeededPayload());
        raw.socket.write(head(target.url, { "content-length": body.length + 1 }) + body);
        await sleep(20);
        raw.socket.resetAndDestroy();
        const { records, calls } = await until(target, ({ refusals }) => refusals.length > 0);
        equal({ records, calls }, { records: [], calls: [] }, "left behind");
      },
    );
  });
}

const post = ({ url }: SocketTarget, { socket }: RawSocket, payload: object): void => {
  const body = JSON.stringify(payload);
  socket.write(head(url, { "content-length": body.length }) + body);
};

async function sendForEver({ socket, either }: RawSocket): Promise<void> {
  const chunk = Buffer.concat([
    Buffer.from(`${SIZE.toString(16)}\r\n`),
    Buffer.alloc(SIZE, 0x20),
    Buffer.from("\r\n"),
  ]);
  while (!socket.destroyed) {
    if (socket.write(chunk)) await sleep(0);
    else await either("drain", "close");
  }
}

async function bytesHeld({ memory }: SocketTarget): Promise<number> {
  const { heapUsed, arrayBuffers } = await memory();
  return heapUsed + arrayBuffers;
}

async function until(
  target: AdapterTarget,
  holds: (report: SubjectReport) => boolean,
): Promise<SubjectReport> {
  for (const endMs = Date.now() + 10_000; ; await sleep(5)) {
    const report = await target.report();
    if (holds(report)) return report;
    ok(Date.now() < endMs, "it within 10 s");
  }
}
