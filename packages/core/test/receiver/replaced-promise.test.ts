import { afterEach, describe, expect, it, vi } from "vitest";
import { boot, deliver, post, succeeded } from "./support.ts";

afterEach(() => vi.unstubAllGlobals());

// As zone.js and bluebird do. The promise of an async function is then no instance of the global.
describe("where the global Promise was replaced", () => {
  const replace = (): void => void vi.stubGlobal("Promise", class extends Promise<unknown> {});

  it("an async callback runs once, and is retried after a failure", async () => {
    const onSucceeded = vi.fn(async () => undefined).mockRejectedValueOnce(new Error("not yet"));
    replace();
    const { receiver, of, warnings } = boot({ onSucceeded, retry: { minDelayMs: 1 } });
    await deliver(receiver, succeeded("a"));
    await expect.poll(() => of("done").length).toBe(1);
    expect(onSucceeded).toHaveBeenCalledTimes(2);
    expect(of("retry")).toHaveLength(1);
    expect(warnings()).toEqual([]);
  });

  it("an async `auth` is awaited", async () => {
    replace();
    const { receiver } = boot({ auth: { admit: async () => false as const } });
    expect(await receiver.handle(post(succeeded("a")))).toMatchObject({ status: 401 });
    const admitted = boot({
      auth: { admit: async () => ({}), verify: async () => false as const },
    });
    expect(await admitted.receiver.handle(post(succeeded("a")))).toMatchObject({ status: 401 });
  });
});
