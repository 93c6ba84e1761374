import { describe, it } from "vitest";
import { runMistake } from "./run-mistake.ts";

/** The lines of the console after a new user's mistake must say what to do. */
describe.concurrent("a new user's mistakes", { timeout: 120_000 }, () => {
  it("a callback throws", async ({ expect }) => {
    expect(await runMistake("callback-throws")).toMatchInlineSnapshot(`
      "The provider gets 200 {"received":true}
      [abstrakt-webhooks] No \`store\` was given, so accepted results are lost when this process ends. Pass a durable store, or write \`store: memoryStore()\` if this is intended.
      [abstrakt-webhooks] The callback of job job_1 failed at attempt 1: TypeError: Cannot read properties of undefined (reading 'urls')
          at Object.saveResult (test/first-hour/mistakes/callback-throws.ts:10)
        It runs again in 2 s. Its later failures are not printed: pass \`onEvent\` to see them all."
    `);
  });

  it("the URL has a wrong token, or none", async ({ expect }) => {
    expect(await runMistake("wrong-token")).toMatchInlineSnapshot(`
      "The provider gets 401 {"received":false,"error":{"code":"unauthorized","message":"This delivery is not authorised."}}
      [abstrakt-webhooks] A delivery was refused with 401 (unknown_key). Its URL was minted with a secret that is not in \`secrets\`: is this the same environment variable as where the job was submitted, and is the old secret still listed after a rotation? The same reason is not printed again.
      [abstrakt-webhooks] A delivery was refused with 401 (missing_token). Its URL has no \`k\`: submit the job with the URL that \`submit\` or \`webhookUrl()\` mints, and have no proxy drop the query. The same reason is not printed again.
      [abstrakt-webhooks] A delivery was refused with 401 (malformed_token). The \`k\` in its URL is not one that \`webhookUrl()\` mints: pass on the whole URL unchanged, with one \`k\`. The same reason is not printed again."
    `);
  });

  it("a parser refuses the body before the receiver sees it", async ({ expect }) => {
    // This is Express's own message. docs/troubleshooting.md says what to do, under 413.
    expect(await runMistake("parser-refuses")).toMatchInlineSnapshot(`
      "The provider gets 413 <!DOCTYPE html>
      PayloadTooLargeError: request entity too large
        expected: 150209,
        length: 150209,
        limit: 102400,
        type: 'entity.too.large'
      }"
    `);
  });

  it("a form parser parses the JSON body", async ({ expect }) => {
    expect(await runMistake("form-parser")).toMatchInlineSnapshot(`
      "The provider gets 400 {"received":false,"error":{"code":"body_consumed","message":"The body was read before it reached the receiver."}}
      [abstrakt-webhooks] No \`store\` was given, so accepted results are lost when this process ends. Pass a durable store, or write \`store: memoryStore()\` if this is intended.
      [abstrakt-webhooks] A delivery was refused with 400 (body_consumed). Expected the body as JSON, but a form parser such as \`express.urlencoded()\` has taken it apart. Mount the receiver before that parser, or have the sender name the type \`application/json\`. The same reason is not printed again."
    `);
  });

  it("a database client is not connected", async ({ expect }) => {
    expect(await runMistake("unconnected-client")).toMatchInlineSnapshot(`
      "The provider gets 503 {"received":false,"error":{"code":"store_unavailable","message":"The result could not be stored. Deliver it again later."}}
      [abstrakt-webhooks] Deliveries are answered 503 until they can be stored. The pg Client is not connected. Call \`await client.connect()\` before the first delivery, or pass a pg Pool, which connects by itself."
    `);
  });

  it("the folder of the database is missing", async ({ expect }) => {
    // The error of `libsql` is in brackets.
    const others = ["node:sqlite", "better-sqlite3"];
    expect(await runMistake("missing-folder", others)).toMatchInlineSnapshot(`
      "The provider gets 503 {"received":false,"error":{"code":"store_unavailable","message":"The result could not be stored. Deliver it again later."}}
      [abstrakt-webhooks] Deliveries are answered 503 until they can be stored. The SQLite file "data/jobs.db" cannot be opened. Create its folder, and let the process read and write there. (Error: ConnectionFailed("Unable to open connection to local database data/jobs.db: 14"))"
    `);
  });

  it("no SQLite driver is installed", async ({ expect }) => {
    const drivers = ["node:sqlite", "better-sqlite3", "libsql", "bun:sqlite"];
    expect(await runMistake("missing-driver", drivers)).toMatchInlineSnapshot(`
      "The provider gets 503 {"received":false,"error":{"code":"store_unavailable","message":"The result could not be stored. Deliver it again later."}}
      [abstrakt-webhooks] Deliveries are answered 503 until they can be stored. Expected an SQLite driver, got none. Run \`npm install libsql\` where this code runs, or use Node 22.13 or later, which has a driver."
    `);
  });

  it("no SQLite driver is installed, and a job is submitted at boot", async ({ expect }) => {
    const drivers = ["node:sqlite", "better-sqlite3", "libsql", "bun:sqlite"];
    expect(await runMistake("missing-driver-submit", drivers)).toMatchInlineSnapshot(`
      "packages/store-sqlite/src/open-file.ts:68
        return new AbstraktWebhookError(
               ^
      AbstraktWebhookError: Expected an SQLite driver, got none. Run \`npm install libsql\` where this code runs, or use Node 22.13 or later, which has a driver.
        code: 'store_unavailable'
      }"
    `);
  });

  it("there is no callback for a job that failed", async ({ expect }) => {
    expect(await runMistake("no-callback")).toMatchInlineSnapshot(`
      "The provider gets 200 {"received":true}
      [abstrakt-webhooks] No \`store\` was given, so accepted results are lost when this process ends. Pass a durable store, or write \`store: memoryStore()\` if this is intended.
      [abstrakt-webhooks] A job failed, and the receiver has no \`onFailed\`. Such results are marked done, and none of your code runs. Pass \`onFailed\`, or an empty function if you read results in another way."
    `);
  });

  it("the receiver is made in the request handler", async ({ expect }) => {
    expect(await runMistake("receiver-in-handler")).toMatchInlineSnapshot(`
      "The provider gets 200 {"received":true}
      [abstrakt-webhooks] No \`store\` was given, so accepted results are lost when this process ends. Pass a durable store, or write \`store: memoryStore()\` if this is intended.
      [abstrakt-webhooks] This process has made 20 receivers on memory stores, and none of them knows what another has received. Make one receiver when the module loads, not one in the request handler."
    `);
  });

  it("`await` before webhookUrl() is forgotten", async ({ expect }) => {
    expect(await runMistake("forgotten-await")).toMatchInlineSnapshot(`
      "test/first-hour/mistakes/forgotten-await.ts:12
      await client.run("nano-banana-pro-edit", {
                   ^
      AbstraktWebhookError: Expected \`webhook_url\` to be a string, got a promise. Put \`await\` before \`webhookUrl()\`.
          at <anonymous> (test/first-hour/mistakes/forgotten-await.ts:12)
        code: 'invalid_options'
      }"
    `);
  });

  it("a URL is passed in the place of options", async ({ expect }) => {
    expect(await runMistake("url-as-options")).toMatchInlineSnapshot(`
      "test/first-hour/mistakes/url-as-options.ts:13
      await receiver.expect("job_1", url as never);
                     ^
      AbstraktWebhookError: Expected the options of \`expect\` to be an object such as { webhookUrl }, got string.
          at <anonymous> (test/first-hour/mistakes/url-as-options.ts:13) {
        code: 'invalid_options'
      }"
    `);
  });

  it("an option of a method is misspelt", async ({ expect }) => {
    expect(await runMistake("misspelt-option")).toMatchInlineSnapshot(`
      "test/first-hour/mistakes/misspelt-option.ts:7
      await receiver.result("job_1", o as never);
                     ^
      AbstraktWebhookError: Unknown option \`timeout\`. Did you mean \`timeoutMs\`? Known: timeoutMs, signal.
          at <anonymous> (test/first-hour/mistakes/misspelt-option.ts:7)
        code: 'invalid_options'
      }"
    `);
  });

  it("a handler is mounted that nobody has called", async ({ expect }) => {
    expect(await runMistake("handler-not-called")).toMatchInlineSnapshot(`
      "The provider gets 500 <!DOCTYPE html>
      AbstraktWebhookError: Expected a receiver or receiver options, got a Node request. Call \`abstraktWebhook(receiver)\`, and mount the handler that it returns.
        code: 'invalid_options'
      }"
    `);
  });

  it("Express passes its request to `receiver.fetch`", async ({ expect }) => {
    expect(await runMistake("fetch-in-express")).toMatchInlineSnapshot(`
      "The provider gets 500 {"received":false,"error":{"code":"internal","message":"The receiver failed; its own events say why."}}
      [abstrakt-webhooks] A delivery was refused with 500 (invalid_options). Expected \`receiver.fetch\` to get a web Request, got a Node request. Use abstraktWebhook of @abstrakt-webhooks/express. The same reason is not printed again."
    `);
  });

  it("a pool is passed in the place of options", async ({ expect }) => {
    expect(await runMistake("pool-as-options")).toMatchInlineSnapshot(`
      "test/first-hour/mistakes/pool-as-options.ts:5
      postgresStore(new pg.Pool() as never);
      ^
      AbstraktWebhookError: Expected the store's options, got the client itself. Pass it as \`client\`: postgresStore({ client }).
          at <anonymous> (test/first-hour/mistakes/pool-as-options.ts:5)
        code: 'invalid_options'
      }"
    `);
  });

  it("the simulator runs without hono", async ({ expect }) => {
    expect(await runMistake("simulator-without-hono", ["hono"])).toMatchInlineSnapshot(`
      "packages/testing/src/simulator/import-peer.ts:13
          throw new AbstraktWebhookError(
                ^
      AbstraktWebhookError: Expected \`hono\` to be installed, because the simulator needs it. Run: npm install --save-dev hono @hono/node-server
          at async <anonymous> (test/first-hour/mistakes/simulator-without-hono.ts:4) {
        code: 'unsupported',
        [cause]: Error: Cannot find package 'hono'
          code: 'ERR_MODULE_NOT_FOUND'
        }
      }"
    `);
  });
});

describe.concurrent("a host that lacks something", { timeout: 120_000 }, () => {
  const others = ["node:sqlite", "better-sqlite3", "bun:sqlite"];

  it("Node may load no native add-ons", async ({ expect }) => {
    const console = await runMistake("missing-driver", others, ["--no-addons"]);
    expect(console).toMatchInlineSnapshot(`
      "The provider gets 503 {"received":false,"error":{"code":"store_unavailable","message":"The result could not be stored. Deliver it again later."}}
      [abstrakt-webhooks] Deliveries are answered 503 until they can be stored. Expected an SQLite driver, got none that works (libsql: Cannot load native addon because loading addons is disabled.). Node may not load native add-ons. Start it without \`--no-addons\`, and under the permission model with \`--allow-addons\`."
    `);
  });

  it("Node's permission model allows no native add-ons", async ({ expect }) => {
    // The loader of this test needs these permissions.
    const allowed = ["fs-read=*", "fs-write=*", "worker", "child-process"];
    const flags = ["--experimental-permission", ...allowed.map((name) => `--allow-${name}`)];
    expect(await runMistake("missing-driver", others, flags)).toMatchInlineSnapshot(`
      "The provider gets 503 {"received":false,"error":{"code":"store_unavailable","message":"The result could not be stored. Deliver it again later."}}
      [abstrakt-webhooks] Deliveries are answered 503 until they can be stored. Expected an SQLite driver, got none that works (libsql: Cannot load native addon because loading addons is disabled.). Node may not load native add-ons. Start it without \`--no-addons\`, and under the permission model with \`--allow-addons\`."
    `);
  });

  it("there is no crypto", async ({ expect }) => {
    expect(await runMistake("mints-a-url", ["crypto"])).toMatchInlineSnapshot(`
      "The provider gets 500 {"received":false,"error":{"code":"internal","message":"The receiver failed; its own events say why."}}
      [abstrakt-webhooks] No \`store\` was given, so accepted results are lost when this process ends. Pass a durable store, or write \`store: memoryStore()\` if this is intended.
      [abstrakt-webhooks] A delivery was refused with 500 (unsupported). Expected the host to have \`crypto\` with \`crypto.subtle\`, got none. Run a Node that was built with OpenSSL, or a host with Web Crypto. The same reason is not printed again.
      packages/core/src/errors.ts:117
        new AbstraktWebhookError("unsupported", message);
        ^
      AbstraktWebhookError: Expected the host to have \`crypto\` with \`crypto.subtle\`, got none. Run a Node that was built with OpenSSL, or a host with Web Crypto.
          at <anonymous> (test/first-hour/mistakes/mints-a-url.ts:14)
        code: 'unsupported'
      }"
    `);
  });
});
