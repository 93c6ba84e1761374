import { signedUrl } from "@abstrakt-webhooks/core";
import { failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  adapters,
  bootEndpoint,
  PUBLIC_URL,
  queryOf,
  SECRET,
  stalling,
  type Endpoint,
} from "./endpoint.ts";

const PAST = Date.now() - 8 * 86_400_000;

/** Every kind of invalid token, as the query of a request. */
async function forgeries(): Promise<Record<string, string>> {
  const mint = async (o: Partial<Parameters<typeof signedUrl>[0]> = {}, ref = "order-42") =>
    queryOf(await signedUrl({ secrets: [SECRET], url: PUBLIC_URL, ...o }).mint({ ref }));
  const genuine = await mint();
  const [version, keyId, expiry, nonce, ref, mac] = genuine.slice(3).split(".");
  const token = (...parts: (string | undefined)[]): string => `?k=${parts.join(".")}`;
  const other = (await mint()).slice(3).split(".");
  return {
    "no query": "",
    "an empty token": "?k=",
    "a guessed token": "?k=admin",
    "a token under another name": genuine.replace("k=", "token="),
    "the same token twice": `${genuine}&${genuine.slice(1)}`,
    "a good token beside a bad one": `?k=x&${genuine.slice(1)}`,
    "a list in PHP's notation": genuine.replace("k=", "k[]="),
    "an object in qs's notation": genuine.replace("k=", "k[a]="),
    "no signature": token(version, keyId, expiry, nonce, ref),
    "an empty signature": token(version, keyId, expiry, nonce, ref, ""),
    "a signature that is too short": genuine.slice(0, -1),
    "a signature with one letter more": `${genuine}A`,
    "a signature with one letter changed":
      genuine.slice(0, -2) + (mac?.at(-2) === "A" ? "B" : "A") + mac?.at(-1),
    "a signature of zeros": token(version, keyId, expiry, nonce, ref, "A".repeat(43)),
    "a signature with padding": `${genuine}%3D`,
    "another token's signature": token(version, keyId, expiry, nonce, ref, other[5]),
    "another token's nonce": token(version, keyId, expiry, other[3], ref, mac),
    "a later expiry": token(version, keyId, `${Number(expiry) + 1}`, nonce, ref, mac),
    "another ref": token(version, keyId, expiry, nonce, "b3JkZXItNDM", mac),
    "no ref": token(version, keyId, expiry, nonce, "", mac),
    "parts in another order": token(version, keyId, nonce, expiry, ref, mac),
    "nonce and ref run together": token(version, keyId, expiry, `${nonce}${ref}`, "", mac),
    "another version": token("v2", keyId, expiry, nonce, ref, mac),
    "the version none, without a signature": token("none", keyId, expiry, nonce, ref, ""),
    "an unknown key": token(version, "AAAAAAAA", expiry, nonce, ref, mac),
    "a key of the prototype": token(version, "toString", expiry, nonce, ref, mac),
    "another secret": await mint({ secrets: ["a secret of the attacker's own..."] }),
    "a token of another path": await mint({ url: "https://app.test/api/other" }),
    "a token of a longer path": await mint({ url: `${PUBLIC_URL}/` }),
    "an expired token": await mint({ clock: () => PAST }),
    "a token of 4 kB": token(version, keyId, expiry, nonce, "b".repeat(4_000), mac),
    "a nul byte after the token": `${genuine}%00`,
    "a line feed after the token": `${genuine}%0A`,
    "a percent sign that cannot be decoded": "?k=%E0%A4%A",
  };
}

const all = await forgeries();

describe.each(adapters)("%s", (adapter) => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await bootEndpoint(adapter, { limits: { bodyTimeoutMs: 20_000 } });
  });
  afterEach(() => endpoint.close());

  it("every forged token is answered 401, without waiting for the body and without a call of the store", async () => {
    // The bodies never end: an endpoint that waits for one would answer 408, and later.
    const statuses = await Promise.all(
      Object.entries(all).map(async ([name, query]) => {
        const { status, text } = await endpoint.send(query, stalling());
        return [name, status, JSON.parse(text)] as const;
      }),
    );
    const refusal = { code: "unauthorized", message: "This delivery is not authorised." };
    for (const [name, status, body] of statuses) {
      expect([name, status, body]).toEqual([name, 401, { received: false, error: refusal }]);
    }
    expect(endpoint.storeCalls).toEqual([]);
    expect(endpoint.events.map(({ type }) => type)).toEqual(statuses.map(() => "refused"));

    const genuine = await endpoint.send(
      queryOf(await endpoint.auth.mint()),
      JSON.stringify(succeededPayload()),
    );
    expect(genuine).toEqual({ status: 200, text: '{"received":true}' });
  });

  it("a repeated request runs one callback", async () => {
    const query = queryOf(await endpoint.auth.mint());
    const body = JSON.stringify(succeededPayload());
    const answers = await Promise.all(Array.from({ length: 20 }, () => endpoint.send(query, body)));
    expect(answers.filter(({ text }) => text === '{"received":true}')).toHaveLength(1);
    expect(answers.filter(({ text }) => text.includes('"duplicate":true'))).toHaveLength(19);
    await endpoint.receiver.idle();
    expect(endpoint.handed).toHaveLength(1);
  });

  it("a leaked URL can forge no job but its own", async () => {
    const [leaked, own] = [await endpoint.auth.mint({ ref: "a" }), await endpoint.auth.mint()];
    const truth = succeededPayload();
    await endpoint.receiver.expect(truth.job_id, { webhookUrl: own.url });
    const forged = failedPayload({ job_id: truth.job_id });
    const conflict = { status: 200, text: '{"received":true,"conflict":true}' };
    expect(await endpoint.send(queryOf(leaked), JSON.stringify(forged))).toEqual(conflict);
    expect(await endpoint.send(queryOf(own), JSON.stringify(truth))).toEqual({
      status: 200,
      text: '{"received":true}',
    });
    expect(await endpoint.send(queryOf(leaked), JSON.stringify(truth))).toEqual(conflict);
    await endpoint.receiver.idle();
    expect(endpoint.handed).toEqual([truth]);
  });

  it("a flood of requests without tokens makes no call of the store", async () => {
    const body = new Uint8Array(64 * 1_024).fill(0x20);
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => endpoint.send("?k=x", body)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(endpoint.storeCalls).toEqual([]);
  });
});
