import { Readable } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { receiverThat } from "./support.ts";

const CHUNKS = 40_000;
const CHUNK = Buffer.alloc(1_000, " ");

it("cancels a body that is too large, and Node's stream throws nothing", async () => {
  const thrown: unknown[] = [];
  const note = (error: unknown): void => void thrown.push(error);
  process.on("uncaughtException", note);
  onTestFinished(() => void process.off("uncaughtException", note));

  const { receiver } = receiverThat(() => undefined);
  const source = new Readable({ read: () => undefined });
  for (let count = 0; count < CHUNKS; count += 1) source.push(CHUNK);
  const closed = new Promise<void>((resolve) => void source.once("close", resolve));
  const body = Readable.toWeb(source) as ReadableStream;
  const init = { method: "POST", body, duplex: "half" } as RequestInit;
  const answer = await receiver.fetch(new Request("http://localhost/", init));
  expect(answer.status).toBe(413);
  await closed;
  await new Promise((resolve) => setImmediate(resolve));
  expect(thrown).toEqual([]);
});
