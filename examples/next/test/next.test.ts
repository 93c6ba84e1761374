import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { testBundled } from "./bundled.ts";

await testBundled("--turbopack");

it("keeps the callbacks' timeout and the lease below the routes' `maxDuration`", () => {
  const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  const number = (text: string, name: RegExp) => Number(name.exec(text)?.[1]?.replaceAll("_", ""));
  const receiver = read("receiver.ts");
  for (const route of ["abstrakt-webhook", "abstrakt-tick"]) {
    const seconds = number(read(`app/api/${route}/route.ts`), /maxDuration = (\d+)/);
    expect(number(receiver, /handlerTimeoutMs: ([\d_]+)/)).toBeLessThan(seconds * 1_000);
    expect(number(receiver, /leaseMs: ([\d_]+)/)).toBeLessThan(seconds * 1_000);
  }
});
