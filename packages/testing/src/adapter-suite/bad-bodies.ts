import { equal, ok } from "../assert.ts";
import { succeededPayload } from "../payloads.ts";
import { bodyOf, nested, utf8 } from "./body-builders.ts";
import type { TestCase } from "./test-case.ts";
import type { Body } from "./test-endpoint.ts";
import type { SubjectReport } from "./target.ts";
import { sleep } from "../sleep.ts";

const DEEP = 100_000;
const MAX_BODY_BYTES = 1_000;
const small = { limits: { maxBodyBytes: MAX_BODY_BYTES } };
const shortTimeout = { limits: { bodyTimeoutMs: 300 } };
/** The maximum number of broken bodies. Each pause is longer than the one before. */
const TRIES = 10;
const PAUSE_MS = 50;
/** Enough to detect an adapter that reads on, and few enough that such an adapter ends. */
const EMPTY_CHUNKS = 20_000;
const idOf = (id: string): string => `{"job_id":${id},"status":"failed"}`;

const MALFORMED: Readonly<Record<string, Body>> = {
  "no body": undefined,
  "an empty body": "",
  "white space only": " \r\n\t ",
  "a byte order mark only": "\uFEFF",
  "truncated JSON": '{"job_id":"a","status":"fai',
  "two values": '{"job_id":"a","status":"failed"}{}',
  "invalid UTF-8": Uint8Array.of(...utf8('{"job_id":"'), 0xff, ...utf8('","status":"failed"}')),
  "truncated UTF-8": utf8('{"job_id":"ü"').slice(0, 12),
  "UTF-16": Uint8Array.from(Array.from(utf8(idOf('"a"'))).flatMap((byte) => [byte, 0])),
  null: "null",
  "a boolean": "true",
  "a number": "42",
  "a string": '"job_1"',
  "an array": '[{"job_id":"a","status":"failed"}]',
  "a form": "job_id=a&status=failed",
  "100 000 levels of arrays": nested(DEEP, "[", "]"),
  "100 000 levels of objects": nested(DEEP, '{"x":', "}"),
  "100 000 levels, never closed": "[".repeat(DEEP),
  "65 levels": nested(64, "[", "]"),
  "no job_id": '{"status":"failed"}',
  "a job_id of null": idOf("null"),
  "a number as job_id": idOf("1"),
  "an empty job_id": idOf('""'),
  "a job_id of 257 characters": idOf(`"${"a".repeat(257)}"`),
  "a control character in job_id": idOf('"a\\u0000b"'),
  "a lone surrogate in job_id": idOf('"a\\ud800"'),
};

/** Tests that malformed, large, slow and incomplete bodies leave no row and run no callback. */
export function badBodyTests(test: TestCase): void {
  for (const [name, body] of Object.entries(MALFORMED)) {
    test(`${name} is 400`, { limits: { maxBodyBytes: 1_000_000 } }, async ({ send, refused }) => {
      await refused(await send(body), 400, "malformed");
    });
  }

  for (const encoding of ["gzip", "br", "GZIP", "identity, deflate"]) {
    test(`content encoding ${encoding} is 415`, {}, async ({ send, refused }) => {
      const headers = { "content-encoding": encoding };
      await refused(await send(utf8("not even that"), { headers }), 415, "content_encoding");
    });
  }

  const large = utf8(JSON.stringify(succeededPayload({ padding: "x".repeat(MAX_BODY_BYTES) })));
  test("a body over the limit with a content-length is 413", small, async ({ send, refused }) => {
    await refused(await send(large), 413, "body_too_large");
  });
  test("a body over the limit in chunks is 413", small, async ({ send, refused }) => {
    await refused(
      await send(bodyOf([large.slice(0, 900), large.slice(900)])),
      413,
      "body_too_large",
    );
  });
  test("the limit counts bytes, not characters", small, async ({ send, refused }) => {
    const padding = "漢".repeat(MAX_BODY_BYTES / 3);
    await refused(await send(succeededPayload({ padding })), 413, "body_too_large");
  });

  // The timeout is long, so that only the size limit can end the body.
  const patient = { limits: { ...small.limits, bodyTimeoutMs: 25_000 } };
  test("an endless body is 413 and is not read on", patient, async ({ send, refused }) => {
    let sent = 0;
    const spaces = new Uint8Array(65_536).fill(0x20);
    function* endless() {
      for (;;) {
        sent += spaces.length;
        yield spaces.slice();
      }
    }
    await refused(await send(bodyOf(endless())), 413, "body_too_large");
    ok(sent < 64 * 1_048_576, `less than 64 MiB read of an endless body, got ${sent} bytes`);
  });

  test("a stream of empty chunks is 413 and is not read on", small, async (endpoint) => {
    // A network sends no empty chunks, so this test runs in process only.
    if (endpoint.target.url !== undefined) return;
    let left = EMPTY_CHUNKS;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left === 0) return controller.close();
        left -= 1;
        controller.enqueue(new Uint8Array());
      },
    });
    await endpoint.refused(await endpoint.send(body), 413, "body_too_large");
    ok(left > 0, `less than ${EMPTY_CHUNKS} empty chunks read`);
  });

  test("a body that stops coming is 408", shortTimeout, async ({ send, refused }) => {
    const whole = utf8(JSON.stringify(succeededPayload()));
    await refused(await send(bodyOf([whole], "stalls")), 408, "body_timeout");
  });

  test(
    "a connection that breaks within the body leaves no row and runs no callback",
    shortTimeout,
    async (endpoint) => {
      const whole = utf8(JSON.stringify(succeededPayload()));
      const noticed = ({ refusals }: SubjectReport) => refusals.length > 0;
      // If the break comes before the server accepts the connection, the test tries again.
      for (let tries = 0; tries < TRIES && !noticed(await endpoint.target.report()); tries += 1) {
        await endpoint.send(bodyOf([whole], "breaks")).catch(() => undefined);
        await sleep(tries * PAUSE_MS);
      }
      const { calls, records, ingests } = await endpoint.until("the receiver to notice", noticed);
      equal({ calls, records, ingests }, { calls: [], records: [], ingests: 0 }, "left behind");
      equal((await endpoint.send(succeededPayload())).status, 200, "status of the next delivery");
    },
  );
}
