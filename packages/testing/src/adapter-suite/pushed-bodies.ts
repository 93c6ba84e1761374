import { equal } from "../assert.ts";
import { utf8 } from "./body-builders.ts";
import type { TestCase } from "./test-case.ts";
import type { AdapterSetup } from "./setup.ts";

const PIECE = utf8(" ".repeat(1_000));
const PIECES = 40;
const PAUSE_AFTER = 5;

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly setup: AdapterSetup;
  readonly headers?: Record<string, string>;
  /** How long the sender pauses in the middle of the body. */
  readonly pauseMs?: number;
}

const REFUSALS: readonly Refusal[] = [
  { status: 413, code: "body_too_large", setup: { limits: { maxBodyBytes: 2_000 } } },
  { status: 408, code: "body_timeout", setup: { limits: { bodyTimeoutMs: 100 } }, pauseMs: 200 },
  { status: 415, code: "content_encoding", setup: {}, headers: { "content-encoding": "gzip" } },
];

/**
 * Tests of bodies as some hosts make them: a stream without `cancel`, and each event of the host
 * enqueues a chunk. If the receiver cancels the stream too early, the host's next `enqueue` throws.
 * The host does not catch the error, so the process ends.
 */
export function pushedBodyTests(test: TestCase): void {
  for (const { status, code, setup, headers = {}, pauseMs = 1 } of REFUSALS) {
    test(
      `a body that the host pushes on after a ${status} ends without an error`,
      setup,
      async (rig) => {
        const { body, ended } = pushedBody(pauseMs);
        await rig.refused(await rig.send(body, { headers }), status, code);
        // With other targets the client reads this stream, not the receiver.
        if (rig.target.url === undefined) equal(await ended, "it was closed", "how the body ended");
      },
    );
  }
}

function pushedBody(pauseMs: number): { body: ReadableStream<Uint8Array>; ended: Promise<string> } {
  let end = (_how: string): void => undefined;
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let sent = 0;
      const push = (): void => {
        try {
          controller.enqueue(PIECE.slice());
          sent += 1;
          if (sent < PIECES) return void setTimeout(push, sent === PAUSE_AFTER ? pauseMs : 1);
          controller.close();
          end("it was closed");
        } catch (thrown) {
          end(`the host threw ${String(thrown)}`);
        }
      };
      setTimeout(push, 1);
    },
  });
  return { body, ended };
}
