import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

it("a huge body whose content-length is ten bytes is cut off", async () => {
  const { receiver } = receiverThat(() => undefined, { limits: { maxBodyBytes: 100_000 } });
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel() {
      cancelled = true;
    },
  });
  const init = { method: "POST", body, duplex: "half", headers: { "content-length": "10" } };
  const answer = await receiver.fetch(new Request("http://localhost/", init));
  const pulledBefore = pulled;
  expect(answer.status).toBe(413);
  // A refused body is read on and dropped for a while, and only then cancelled.
  expect(pulledBefore).toBeLessThan(1_000_000);
  await until(() => cancelled);
  expect(pulled).toBeLessThan(20_000_000);
});
