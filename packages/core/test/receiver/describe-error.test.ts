import { describe, expect, it } from "vitest";
import { AbstraktWebhookError } from "../../src/index.ts";
import {
  describeCause,
  describeError,
  describeRowError,
  describeStack,
} from "../../src/receiver/events/describe-error.ts";

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
    ["an empty code", withMembers({ code: "" }), "Error", "down"],
    ["a code that is a number", withMembers({ code: 7 }), "Error", "down"],
    ["a text", "just words", "Error", "just words"],
    ["undefined", undefined, "Error", "undefined was thrown, not an Error"],
    ["null", null, "Error", "null was thrown, not an Error"],
    ["an object", { secret: "canary" }, "Error", "object was thrown, not an Error"],
    ["control characters", new Error("a\x1b]0;title\x07\x1b[2J\x9bb"), "Error", "a ]0;title [2J b"],
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

describe("an error and its cause are one text", () => {
  const own = (message: string) => new AbstraktWebhookError("store_unavailable", message);
  it.each<[name: string, thrown: unknown, text: string]>([
    ["no cause", new Error("down"), "down"],
    [
      "a cause",
      new Error("down", { cause: new TypeError("no host") }),
      "down (TypeError: no host)",
    ],
    ["a cause that the message quotes", new Error("no host!", { cause: "no host" }), "no host!"],
    ["a long message", new Error("x".repeat(301)), "x".repeat(300)],
    ["a longer message of this kit", own("x".repeat(1_001)), "x".repeat(1_000)],
    ["no error", undefined, "undefined was thrown, not an Error"],
  ])("%s", (_name, thrown, text) => {
    expect(describeCause(thrown)).toBe(text);
  });
});

describe("the error of a row is read", () => {
  const lost = "The process of the last attempt died, or lost its lease";
  it.each([
    ["a code and a message", "TypeError: no: row\nhere", "TypeError", "no: row\nhere"],
    ["words alone", "never_delivered", "Error", "never_delivered"],
    ["a lost lease", "lease_lost", "lease_lost", lost],
    ["an earlier error", "lease_lost; before: Error: x", "lease_lost", `${lost}; before: Error: x`],
  ])("%s", (_name, text, code, message) => {
    expect(describeRowError(text)).toEqual({ code, message });
  });
});

describe("the console gets a stack", () => {
  const withStack = (stack: unknown) => Object.assign(new Error("one\nwe meet at two"), { stack });
  const text = "Error: one we meet at two";
  const frames = Array.from({ length: 30 }, (_, at) => `    at f (file:///app/a.ts:${at})`);

  it("of its frames only, with paths in place of URLs", () => {
    const stack = `${text.replace(" ", "\n")}\nwe meet at two\n${frames[0]}\n    at g (https://x.test/k)`;
    const lines = [text, "    at f (/app/a.ts:0)", "    at g [url]"];
    expect(describeStack(withStack(stack))).toBe(lines.join("\n"));
  });

  it("of at most 20 lines, the message included", () => {
    const lines = describeStack(withStack([text, ...frames].join("\n"))).split("\n");
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe("    at f (/app/a.ts:18)");
  });

  it("where there is one", () => {
    expect(describeStack(withStack(undefined))).toBe(text);
    expect(describeStack("words")).toBe("Error: words");
    expect(describeStack(undefined)).toBe("Error: undefined was thrown, not an Error");
    const get = () => {
      throw new Error("canary");
    };
    expect(describeStack(Object.defineProperty(withStack(""), "stack", { get }))).toBe(text);
  });
});
