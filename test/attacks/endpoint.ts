import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createReceiver,
  memoryStore,
  signedUrl,
  type JobResult,
  type JobStore,
  type Receiver,
  type ReceiverEvent,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { createBoundedFetch } from "../adapters/bounded-fetch.ts";
import { handlers, servers } from "../adapters/mounts.ts";

export const SECRET = "the attackers do not know this one";
export const PATH = "/api/abstrakt-webhook";
export const PUBLIC_URL = `https://app.test${PATH}`;
const MOST_SOCKETS = 32;

/** A receiver behind one adapter, and the records that a test reads. */
export interface Endpoint {
  readonly receiver: Receiver;
  readonly auth: ReturnType<typeof signedUrl>;
  readonly store: JobStore;
  readonly events: ReceiverEvent[];
  /** The results that the callbacks received. */
  readonly handed: JobResult[];
  /** Methods of the store, in the order of their calls. */
  readonly storeCalls: string[];
  /** Posts a body to the endpoint's path with this query, as a provider would. */
  send(query: string, body: RequestInit["body"]): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

interface Mounted {
  readonly origin: string;
  readonly fetch: (request: Request) => Promise<Response> | Response;
  close(): Promise<void>;
}

/** Every adapter, as a function that mounts a receiver. */
const mounts: Record<string, (receiver: Receiver) => Promise<Mounted>> = {
  ...mapValues(servers, (createServerFor) => (receiver) => listen(createServerFor(receiver))),
  ...mapValues(handlers, (createHandler) => async (receiver) => ({
    origin: "https://app.test",
    fetch: createHandler(receiver),
    close: async () => undefined,
  })),
};

export const adapters = Object.keys(mounts);

/** Boots an endpoint that is protected by `signedUrl` alone, on a memory store. */
export async function bootEndpoint(
  adapter: string,
  { listens = true, ...options }: Partial<ReceiverOptions> & { readonly listens?: boolean } = {},
): Promise<Endpoint> {
  const events: ReceiverEvent[] = [];
  const handed: JobResult[] = [];
  const storeCalls: string[] = [];
  const auth = signedUrl({ secrets: [SECRET], url: PUBLIC_URL });
  const store = memoryStore();
  const receiver = createReceiver({
    auth,
    store: noteCalls(store, storeCalls),
    onSucceeded: (job) => void handed.push(job),
    onFailed: (job) => void handed.push(job),
    ...(listens && { onEvent: (event) => void events.push(event) }),
    ...options,
  });
  const mount = mounts[adapter];
  if (mount === undefined) throw new Error(`Expected one of ${adapters.join()}, got ${adapter}.`);
  const mounted = await mount(receiver);
  return {
    receiver,
    auth,
    store,
    events,
    handed,
    storeCalls,
    async send(query, body) {
      const init = { method: "POST", body: body ?? null, duplex: "half" };
      const response = await mounted.fetch(new Request(`${mounted.origin}${PATH}${query}`, init));
      return { status: response.status, text: await response.text() };
    },
    async close() {
      await receiver.drain({ timeoutMs: 100 });
      await mounted.close();
    },
  };
}

/** The query of a minted URL. */
export const queryOf = ({ url }: { url: string }): string => new URL(url).search;

/** A body that stalls after its first bytes until it is cancelled. */
export const stalling = (): ReadableStream<Uint8Array> =>
  new ReadableStream({ start: (controller) => controller.enqueue(Uint8Array.of(0x7b)) });

async function listen(server: Server): Promise<Mounted> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetch: createBoundedFetch(MOST_SOCKETS),
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function noteCalls<T extends object>(target: T, calls: string[]): T {
  return new Proxy(target, {
    get(from, name, receiver) {
      const member: unknown = Reflect.get(from, name, receiver);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return Reflect.apply(member, from, args) as unknown;
      };
    },
  });
}

function mapValues<T, U>(from: Record<string, T>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(value)]));
}
