import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/create-client.ts";
import { createTestClient, failureOf, json, KEY, serve, submit } from "./support.ts";

/** Every text that can be printed from a value, including causes and hidden properties. */
function allTexts(value: unknown): string {
  const seen = new Set<unknown>();
  const texts: string[] = [];
  for (let at = value; at !== undefined && !seen.has(at); at = (at as Error).cause) {
    seen.add(at);
    texts.push(inspect(at, { depth: Infinity, showHidden: true, getters: true }));
    const { message, stack = "" } = at as Error;
    texts.push(JSON.stringify(at) ?? "", message, stack);
  }
  return texts.join("\n");
}

describe("the key", () => {
  it("is found by this check in a value that contains it", () => {
    const cause = Object.assign(new Error("a"), { config: { headers: { a: KEY } } });
    expect(allTexts(new Error("b", { cause }))).toContain(KEY);
  });

  it("is not in a client", () => {
    expect(allTexts(createClient({ apiKey: KEY }))).not.toContain(KEY);
  });

  it.each([400, 401, 403, 404, 429, 500, 302])(
    "is in no error when a %i quotes it everywhere",
    async (status) => {
      const quoting = json(
        status,
        {
          error: { code: KEY, message: `Bearer ${KEY} at ${"x".repeat(290)}${KEY}` },
          request_id: KEY,
        },
        { "x-request-id": KEY, location: `https://${KEY}.example.com/${KEY}` },
      );
      const { url } = await serve(quoting);
      const error = await failureOf(submit(createTestClient(url).client));
      expect(error.status).toBe(status);
      expect(allTexts(error)).not.toContain(KEY);
    },
  );

  it("is in no error when a page quotes it", async () => {
    const { url } = await serve((response) =>
      response.writeHead(200, { "content-type": `text/${KEY}` }).end(`<p>${KEY}</p>`),
    );
    expect(allTexts(await failureOf(submit(createTestClient(url).client)))).not.toContain(KEY);
  });

  it("is in no error when `fetch` throws the whole request", async () => {
    const { client } = createTestClient("http://localhost", {
      async fetch(url, init) {
        const told = Object.assign(new Error(`${url} ${JSON.stringify(init.headers)}`), { init });
        throw new Error("request failed", { cause: told });
      },
    });
    const error = await failureOf(submit(client));
    expect(error.message).toContain("[key]");
    expect(allTexts(error)).not.toContain(KEY);
  });

  it("is in no error when a model or an input contains it", async () => {
    const { url } = await serve(json(404, {}));
    const { client } = createTestClient(url);
    expect(allTexts(await failureOf(client.run(KEY, { input: {} })))).not.toContain(KEY);
    const circle: Record<string, unknown> = { note: KEY };
    circle["self"] = circle;
    const error = await failureOf(client.run("model", { input: circle }));
    expect(error.code).toBe("invalid_options");
    expect(allTexts(error)).not.toContain(KEY);
  });

  it("is in no error when no header can carry it", async () => {
    const thrown = await failureOf((async () => createClient({ apiKey: `${KEY}\n` }))());
    expect(thrown).toMatchObject({ code: "invalid_options" });
    expect(thrown.message).toContain("white space");
    expect(allTexts(thrown)).not.toContain(KEY);
  });

  it("is not in a message either when the message is cut within the key", async () => {
    const { url } = await serve(json(400, { error: { message: `${"x".repeat(288)} ${KEY}` } }));
    const { message } = await failureOf(submit(createTestClient(url).client));
    expect(message).not.toContain(KEY.slice(0, 6));
  });
});

it("no error contains a URL", async () => {
  const told = "bad webhook_url https://example.com/hook?k=v1.t0ken";
  const { url } = await serve(json(400, { error: { message: told } }));
  const { message } = await failureOf(submit(createTestClient(url).client));
  expect(message).toContain("(bad webhook_url [url]");
});
