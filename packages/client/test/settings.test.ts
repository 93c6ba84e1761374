import { describe, expect, it } from "vitest";
import { createClient } from "../src/create-client.ts";
import { createTestClient, failureOf } from "./support.ts";

const create = (options: unknown) => () => createClient(options as { apiKey: string });
const apiKey = "k";

describe("createClient refuses", () => {
  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /client options such as \{ apiKey \}, got undefined/],
    ["no key", {}, /`apiKey`.*got undefined. Is the environment variable set/],
    ["an empty key", { apiKey: "" }, /got an empty one. Is the environment variable set/],
    ["a key with a line end", { apiKey: "k\n" }, /white space/],
    [
      "a misspelt option",
      { apiKey, timeout: 1 },
      /Unknown option `timeout`. Did you mean `timeoutMs`\? Known: apiKey, baseUrl, fetch, timeoutMs/,
    ],
    ["a timeout of 0", { apiKey, timeoutMs: 0 }, /`timeoutMs`.*got 0/],
    [
      "a timeout that is too long for a timer",
      { apiKey, timeoutMs: 2 ** 31 },
      /`timeoutMs`.*2147483647/,
    ],
    ["a fetch that is no function", { apiKey, fetch: {} }, /`fetch` to be a function, got object/],
    ["no URL", { apiKey, baseUrl: "api.abstrakt.one" }, /`baseUrl`.*got no URL/],
    ["a URL of another type", { apiKey, baseUrl: 7 }, /got number/],
    ["a URL of another scheme", { apiKey, baseUrl: "ftp://localhost" }, /got ftp:/],
    ["http across a network", { apiKey, baseUrl: "http://example.com" }, /unencrypted/],
    [
      "http to a host that only resembles loopback",
      { apiKey, baseUrl: "http://127.0.0.1.example.com" },
      /unencrypted/,
    ],
    ["a user in the URL", { apiKey, baseUrl: "https://user:pass@example.com" }, /a user, a query/],
    ["a query in the URL", { apiKey, baseUrl: "https://example.com/?a=b" }, /a user, a query/],
  ])("%s", (_, options, message) => {
    expect(create(options)).toThrow(message);
    expect(create(options)).toThrow(expect.objectContaining({ code: "invalid_options" }));
  });

  it.each([
    "http://localhost:1",
    "http://127.0.0.1",
    "http://[::1]:8",
    "http://api.localhost",
    "https://a.example/b/",
  ])("but accepts %s", (baseUrl) => {
    expect(create({ apiKey, baseUrl })).not.toThrow();
  });
});

describe("a call refuses", () => {
  const { client } = createTestClient("http://localhost", {
    fetch: async () => expect.fail("sent"),
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["a missing model", () => client.run("", { input: {} }), /`model` to be a non-empty name/],
    ["a model that is a path", () => client.run("..", { input: {} }), /`model`/],
    ["an id of another type", () => client.getJob(7 as unknown as string), /`jobId`.*number/],
    ["an id with a lone surrogate", () => client.getJob("\ud800"), /`jobId`/],
    ["a BigInt", () => client.run("m", { input: { seed: 1n } }), /`input`/],
  ])("%s", async (_, call, message) => {
    const error = await failureOf(call());
    expect(error.code).toBe("invalid_options");
    expect(error.message).toMatch(message);
  });
});
