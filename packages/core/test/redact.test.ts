import { expect, it } from "vitest";
import { redactUrl } from "../src/index.ts";

it.each([
  ["https://app.test/hook?k=v1.s3cret", "https://app.test/hook?[redacted]"],
  ["HTTPS://user:s3cret@app.test:8443/hook", "https://app.test:8443/hook"],
  ["https:\\\\user:s3cret@app.test\\hook", "https://app.test/hook"],
  ["https://app.test/hook#s3cret", "https://app.test/hook"],
  ["https://app.test", "https://app.test/"],
  [new URL("https://app.test/hook?s3cret"), "https://app.test/hook?[redacted]"],
  ["/api/hook?k=v1.s3cret", "/api/hook?[redacted]"],
  ["/api/hook", "/api/hook"],
  ["//user:s3cret@app.test/hook", "[redacted]"],
  ["/\\user:s3cret@app.test/hook", "[redacted]"],
  ["https://us er:s3cret@app.test/", "https://app.test/"],
  ["https://us er:s3cret@ap p.test/", "[redacted]"],
  ["data:text/plain,s3cret", "[redacted]"],
  ["redis://:s3cret@db", "[redacted]"],
  ["s3cret", "[redacted]"],
  ["", "[redacted]"],
  [undefined as never, "[redacted]"],
])("%s is redacted to %s", (url, expected) => {
  expect(redactUrl(url)).toBe(expected);
});
