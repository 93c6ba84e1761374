import { describe, expect, it } from "vitest";
import { describeError } from "../../src/receiver/events/describe-error.ts";

const withMembers = (members: object): Error => Object.assign(new Error("down"), members);
const unreadable = Object.defineProperty(new Error(), "message", {
  get() {
    throw new Error("canary");
  },
});

describe("any thrown value is described, and nothing is thrown", () => {
  it.each<[name: string, thrown: unknown, code: string, message: string]>([
    ["an error", new TypeError("no such row"), "TypeError", "no such row"],
    ["an error's code", withMembers({ code: "ECONNREFUSED" }), "ECONNREFUSED", "down"],
    ["a code that is a number", withMembers({ code: 7 }), "Error", "down"],
    ["a text", "just words", "Error", "just words"],
    ["undefined", undefined, "Error", "undefined was thrown, not an Error"],
    ["null", null, "Error", "null was thrown, not an Error"],
    ["an object", { secret: "canary" }, "Error", "object was thrown, not an Error"],
    ["several lines", new Error("one\n  two"), "Error", "one two"],
    ["a message that is no text", withMembers({ message: { a: 1 } }), "Error", "[object Object]"],
    ["a message that throws", unreadable, "Error", "an error that cannot be read"],
    ["a long message", new Error("long ".repeat(999)), "Error", "long ".repeat(60)],
  ])("%s", (_name, thrown, code, message) => {
    expect(describeError(thrown)).toEqual({ code, message });
  });
});

describe("URLs and queries are removed from any text", () => {
  it.each([
    "https://cdn.test/canary.png",
    "see https://cdn.test/canary.png?sig=canary now",
    "REDIS://user:canary@db:6379",
    "(https://cdn.test/canary)",
    "url_https://cdn.test/canary",
    "9https://cdn.test/canary",
    "/api/hook?k=v1.canary",
    "POST /api/hook?a=1&k=v1.canary failed",
    `${"x".repeat(1_190)} https://cdn.test/canary`,
  ])("%s", (text) => {
    for (const thrown of [
      text,
      new Error(text),
      withMembers({ code: text }),
      withMembers({ name: text }),
    ]) {
      expect(JSON.stringify(describeError(thrown))).not.toContain("canary");
    }
  });
});
