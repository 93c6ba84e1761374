import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createReceiver, memoryStore, signedUrl } from "@abstrakt-webhooks/core";
import { expect, it, vi } from "vitest";
import { PATH, PUBLIC_URL, SECRET } from "./endpoint.ts";

const FLOOD = 100_000;
const MOST_BYTES_HELD = 4_000_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it("a flood of requests without a valid token leaves no memory in use, and no body is read", async () => {
  const auth = signedUrl({ secrets: [SECRET], url: PUBLIC_URL });
  const receiver = createReceiver({ auth, store: memoryStore(), onEvent: () => undefined });
  const token = new URL((await auth.mint()).url).searchParams.get("k") ?? "";
  const body = vi.fn(() => new Promise<never>(() => undefined));
  const flood = async (from: number) => {
    for (let sent = from; sent < from + FLOOD; sent += 1) {
      // All tokens differ and are well formed, so that each signature must be checked.
      const forged = `${token.slice(0, -8)}${String(sent).padStart(8, "0")}`;
      const head = { method: "POST", url: `${PATH}?k=${forged}`, header: () => undefined };
      const { status } = await receiver.handle({ ...head, body });
      if (status !== 401) throw new Error(`Expected 401, got ${status}.`);
    }
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await flood(0);
  const after = await flood(FLOOD);
  expect(after - before).toBeLessThan(MOST_BYTES_HELD);
  expect(body).not.toHaveBeenCalled();
});
