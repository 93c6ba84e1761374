import { expect, it } from "vitest";
import { boot, deliver, succeeded } from "./support.ts";

it("the 20th receiver on a memory store that was not drained emits a warning", async () => {
  for (let times = 0; times < 30; times += 1) await boot().receiver.drain();
  const booted = Array.from({ length: 19 }, () => boot());
  for (const { receiver, warnings } of booted) {
    await deliver(receiver, succeeded("a"));
    expect(warnings()).not.toContain("many_receivers");
  }
  const { receiver, of } = boot();
  await deliver(receiver, succeeded("a"));
  const [warned] = of("warning").filter(({ error }) => error.code === "many_receivers");
  expect(warned?.error.message).toMatch(/20 receivers.*request handler/);
  const next = boot();
  await deliver(next.receiver, succeeded("a"));
  expect(next.warnings()).not.toContain("many_receivers");
});
