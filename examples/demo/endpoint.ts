import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  memoryStore,
  type Receiver,
  type ReceiverEvent,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";
import { createApp } from "../express/app.ts";
import type { Ledger } from "./ledger.ts";

/** The app that receives: the Express example with the demo's callbacks. */
export interface Endpoint {
  readonly url: string;
  /** The page that shows the jobs in a browser. */
  readonly pageUrl: string;
  readonly receiver: Receiver;
  /** Resolves when no callback runs or waits for its retry, or when that takes too long. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const WORK_MS: Readonly<Record<string, number>> = { image: 40, audio: 120, video: 400 };
const LOOK_AGAIN_MS = 20;
const GIVE_UP_MS = 10_000;

/** Serves on a free port of this machine. */
export async function startEndpoint(
  ledger: Ledger,
  onEvent: (event: ReceiverEvent) => void,
  createReceiver: (options: ReceiverOptions) => Receiver,
): Promise<Endpoint> {
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onEvent,
    retry: { maxAttempts: 5, minDelayMs: 200 },
    async onSucceeded(job, { attempt }) {
      ledger.begun();
      const { type } = job.output;
      if (type === "audio" && attempt === 1) throw new Error("archive down");
      await sleep(WORK_MS[type]);
      ledger.handled(job);
    },
    async onFailed(job) {
      ledger.begun();
      ledger.handled(job);
    },
  });
  const page = inspector(receiver, { authorize: isLocal, replay: true });
  const server = createApp(receiver).use("/webhooks", page.node).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/abstrakt-webhook`,
    pageUrl: `http://127.0.0.1:${port}/webhooks`,
    receiver,
    quiet: () => quiet(receiver),
    async close() {
      await receiver.drain();
      server.close();
    },
  };
}

/** False for any other host name, so that no website can reach the page by a name of its own. */
const isLocal = ({ headers }: Request): boolean =>
  headers.get("host")?.startsWith("127.0.0.1:") === true;

async function quiet(receiver: Receiver): Promise<void> {
  const giveUpAtMs = performance.now() + GIVE_UP_MS;
  while (performance.now() < giveUpAtMs) {
    const { nextDueInMs } = await receiver.tick();
    if (nextDueInMs === undefined) return;
    await sleep(LOOK_AGAIN_MS);
  }
}
