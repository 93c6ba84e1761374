import { inspect } from "node:util";
import {
  isAbstraktWebhookError,
  refetch,
  signedUrl,
  type ReceiverEvent,
} from "@abstrakt-webhooks/core";
import { failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { adapters, bootEndpoint, PUBLIC_URL, queryOf, SECRET } from "./endpoint.ts";

const CANARY = "c4n4ry";
const itemUrl = `https://cdn.test/${CANARY}.png?sig=${CANARY}`;
const printed: unknown[] = [];
const listen = (thrown: unknown): void => void printed.push(thrown);

beforeEach(() => {
  printed.length = 0;
  for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void printed.push(words));
  }
  process.on("unhandledRejection", listen);
});
afterEach(() => {
  process.off("unhandledRejection", listen);
  vi.restoreAllMocks();
});

const payload = (extra: object = {}) =>
  succeededPayload({
    output: { type: "image", items: [{ type: "image", url: itemUrl }] },
    note: CANARY,
    ...extra,
  });

/** Sends a secret in each place that can hold one, and causes every output of the endpoint. */
async function provoke(adapter: string, listens: boolean) {
  let tokens: string[] = [];
  // Such errors are common: they contain the URL that failed, with its token.
  const angry = (): never => {
    throw new Error(`could not fetch ${itemUrl}, for ${PUBLIC_URL}${tokens[0]}`);
  };
  const shown: unknown[] = [];
  const endpoint = await bootEndpoint(adapter, {
    onSucceeded: angry,
    onFailed: angry,
    onDead: angry,
    retry: { maxAttempts: 2, minDelayMs: 1, maxDelayMs: 2 },
    limits: { maxBodyBytes: 10_000, bodyTimeoutMs: 2_000 },
    listens,
  });
  const minted = await Promise.all([endpoint.auth.mint({ ref: "order-42" }), endpoint.auth.mint()]);
  tokens = minted.map(queryOf);
  const [one = "", two = ""] = tokens;
  const send = async (query: string, body: object | string) =>
    void shown.push(
      await endpoint.send(query, typeof body === "string" ? body : JSON.stringify(body)),
    );

  const first = payload();
  await send(`?k=${CANARY}&token=${CANARY}`, first);
  await send(`${one}&k=${CANARY}`, first);
  await send(`${one}&also=${CANARY}`, first);
  await send(one, first);
  await send(two, first);
  await send(
    one,
    failedPayload({ job_id: first.job_id, error: { code: CANARY, message: CANARY } }),
  );
  await send(one, payload({ status: CANARY }));
  await send(one, payload({ status: "processing" }));
  await send(one, payload({ job_id: "" }));
  await send(one, `{"job_id":"${CANARY}`);
  await send(one, payload({ padding: CANARY.repeat(2_000) }));
  await vi.waitFor(async () => {
    const { records } = await endpoint.receiver.list({ state: "dead" });
    expect(records).toHaveLength(2);
    // The rows as an operator reads them. Payload and binding are the data itself.
    shown.push(records.map(({ payload: _payload, binding: _binding, ...rest }) => rest));
  }, 10_000);
  await endpoint.receiver.drain({ timeoutMs: 100 });
  await send(one, payload());
  await endpoint.close();
  return { endpoint, tokens, shown };
}

describe.each(adapters)("%s", (adapter) => {
  it("no token, query, payload or item URL appears in answers, events, rows or the console", async () => {
    const { endpoint, tokens, shown } = await provoke(adapter, true).catch(rethrowWithout);
    const kinds = new Set(endpoint.events.map(({ type }) => type));
    for (const kind of ["refused", "stored", "duplicate", "conflict", "parked", "retry", "dead"]) {
      expect(kinds).toContain(kind);
    }
    expect(printed.length).toBeGreaterThan(0);
    expectClean([shown, printed], tokens);
    expectClean(endpoint.events.map(withoutWhatIsAskedFor), tokens);
    // The events as a logger prints them.
    expectClean(endpoint.events, tokens, { showHidden: false });
  });

  it("no secret is printed on the console when there is no listener", async () => {
    const { tokens } = await provoke(adapter, false).catch(rethrowWithout);
    expect(inspect(printed)).toMatch(/is dead after attempt 2/);
    expectClean(printed, tokens);
  });
});

it("no secret is visible in an auth, a receiver or an error", async () => {
  const secret = `${CANARY}${"s".repeat(32)}`;
  const auth = signedUrl({ secrets: [secret], url: `${PUBLIC_URL}?x=${CANARY}` });
  await auth.mint();
  const errors = [
    () => signedUrl({ secrets: [CANARY], url: PUBLIC_URL }),
    () => signedUrl({ secrets: [secret], url: `http://app.test/?x=${CANARY}` }),
    () => signedUrl({ secrets: [secret], url: `${CANARY}://` }),
    () => signedUrl({ secrets: [secret], url: `${PUBLIC_URL}?k=${CANARY}` }),
    () => refetch({ client: CANARY as never }),
  ].map((make) => {
    try {
      return make();
    } catch (thrown) {
      expect(isAbstraktWebhookError(thrown)).toBe(true);
      return thrown;
    }
  });
  await auth.mint({ ref: CANARY.repeat(100) }).catch((thrown: unknown) => void errors.push(thrown));
  expect(errors).toHaveLength(6);
  const stacks = errors.map((error) => (error as Error).stack);
  expectClean([auth, errors, stacks, SECRET], []);
});

/**
 * An event without the two fields that may hold secrets: the error that the user's callback threw,
 * and the contradicting payload. Code can read both by name; JSON does not contain them.
 */
function withoutWhatIsAskedFor(event: ReceiverEvent): object {
  const hidden = Object.getOwnPropertyNames(event).filter(
    (name) => !Object.prototype.propertyIsEnumerable.call(event, name),
  );
  const may = { retry: ["cause"], dead: ["cause"], conflict: ["payload"] } as const;
  const allowed: readonly string[] = event.type in may ? may[event.type as keyof typeof may] : [];
  expect(allowed).toEqual(expect.arrayContaining(hidden));
  return { ...event };
}

/** Also reads fields that are not enumerable, unless it reads as a logger does. */
function expectClean(
  what: unknown,
  tokens: readonly string[],
  { showHidden = true }: { showHidden?: boolean } = {},
): void {
  const text =
    inspect(what, {
      depth: Infinity,
      maxArrayLength: Infinity,
      maxStringLength: Infinity,
      showHidden,
      getters: true,
    }) + JSON.stringify(what);
  expect(text).not.toContain(CANARY);
  for (const token of tokens) {
    const [, , , nonce, , mac] = token.split(".");
    expect(text).not.toContain(nonce);
    expect(text).not.toContain(mac);
  }
}

const rethrowWithout = (thrown: unknown): never => {
  vi.restoreAllMocks();
  throw thrown;
};
