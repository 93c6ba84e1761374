import { setTimeout } from "node:timers/promises";
import {
  createReceiver,
  memoryStore,
  type Ack,
  type HttpDelivery,
  type Receiver,
} from "@abstrakt-webhooks/core";
import { collectBytes, requireIdentity } from "@abstrakt-webhooks/core/adapter";

type Fetch = (request: Request) => Promise<Response>;

/** Adapters with one common mistake each, and one without a mistake. */
export const adapters = {
  sound: (receiver) => (request) => answer(receiver, toDelivery(request)),

  awaitsCallback: (receiver) => async (request) => {
    const ack = await receiver.handle(toDelivery(request));
    await ack.work?.();
    return toResponse(ack);
  },

  dropsWork: (receiver) => async (request) =>
    toResponse(await receiver.handle(toDelivery(request))),

  startsByImmediate: (receiver) => async (request) => {
    const ack = await receiver.handle(toDelivery(request));
    setImmediate(() => void ack.work?.());
    return toResponse(ack);
  },

  serialisesAnew: (receiver) => (request) =>
    answer(receiver, {
      ...toDelivery(request),
      body: async () => ({ parsed: await request.json() }),
    }),

  // The text is the same JSON, so only a signature can show the difference.
  tidiesText: (receiver) => async (request) => {
    const delivery = toDelivery(request);
    const body = async (maxBytes: number) => {
      const read = await delivery.body(maxBytes);
      const text = "bytes" in read ? new TextDecoder().decode(read.bytes).trim() : "";
      return { bytes: new TextEncoder().encode(text) };
    };
    return answer(receiver, { ...delivery, body });
  },

  swallows503: (receiver) => async (request) => {
    const response = await answer(receiver, toDelivery(request));
    return response.status === 503 ? Response.json({ received: true }) : response;
  },

  losesHeadersOfAnswer: (receiver) => async (request) => {
    const { status, body } = await receiver.handle(toDelivery(request));
    return new Response(body, { status, headers: { "content-type": "application/json" } });
  },

  handsInTwice: (receiver) => async (request) => {
    const delivery = toDelivery(request);
    const bytes = delivery.body(Infinity);
    await answer(receiver, { ...delivery, body: () => bytes });
    return answer(receiver, { ...delivery, body: () => bytes });
  },

  // Has an upper limit, so that the test of an endless body ends.
  ignoresLimit: (receiver) => (request) => {
    const delivery = toDelivery(request);
    return answer(receiver, { ...delivery, body: (maxBytes) => delivery.body(70_000 * maxBytes) });
  },

  readsBeforeAdmission: (receiver) => async (request) => {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return answer(receiver, { ...toDelivery(request), body: async () => ({ bytes }) });
  },

  losesQuery: (receiver) => (request) =>
    answer(receiver, { ...toDelivery(request), url: new URL(request.url).pathname }),

  losesHeaders: (receiver) => (request) =>
    answer(receiver, { ...toDelivery(request), header: () => undefined }),

  readsFirstChunk: (receiver) => (request) =>
    answer(receiver, {
      ...toDelivery(request),
      body: async () => ({
        bytes: (await request.body?.getReader().read())?.value ?? new Uint8Array(),
      }),
    }),

  limitsTooEarly: (receiver) => (request) => {
    const delivery = toDelivery(request);
    return answer(receiver, { ...delivery, body: (maxBytes) => delivery.body(maxBytes - 1) });
  },

  saysReceivedAlone: (receiver) => async (request) => {
    const response = await answer(receiver, toDelivery(request));
    return response.ok ? Response.json({ received: true }) : response;
  },

  // Shorter than any slow callback.
  timesOutItself: (receiver) => (request) =>
    Promise.race([
      answer(receiver, toDelivery(request)),
      sleep(1).then(() => new Response(null, { status: 504 })),
    ]),

  // This happens when the handler makes a receiver for each request.
  receiverPerRequest: () => (request) => {
    const store = memoryStore();
    const own = createReceiver({ auth: "none", store, onEvent: () => undefined });
    return answer(own, toDelivery(request));
  },

  answersRepeatsItself: (receiver) => {
    const answers = new Map<string, Promise<Response>>();
    return async (request) => {
      const delivery = toDelivery(request.clone());
      const text = await request.text();
      const known = answers.get(text) ?? answer(receiver, delivery);
      answers.set(text, known);
      return (await known).clone();
    };
  },

  answersFirst: (receiver) => async (request) => {
    const delivery = toDelivery(request);
    void sleep(10_000).then(() => answer(receiver, delivery));
    return Response.json({ received: true });
  },

  countsNoEmptyChunks: (receiver) => (request) =>
    answer(receiver, {
      ...toDelivery(request),
      async body(maxBytes) {
        const reader = request.body?.getReader();
        const full = reader && {
          async read() {
            for (;;) {
              const next = await reader.read();
              if (next.done || next.value.length > 0) return next;
            }
          },
        };
        return { bytes: await collect(full, maxBytes) };
      },
    }),

  knowsOneEncoding: (receiver) => (request) => {
    const encoding = request.headers.get("content-encoding") ?? "identity";
    const delivery = toDelivery(request);
    const body: HttpDelivery["body"] = (maxBytes) => {
      requireIdentity(encoding === "identity" ? encoding : "gzip");
      return delivery.body(maxBytes);
    };
    return answer(receiver, { ...delivery, body });
  },

  ignoresEncoding: (receiver) => (request) =>
    answer(receiver, {
      ...toDelivery(request),
      body: async (maxBytes) => ({ bytes: await readAll(request, maxBytes) }),
    }),

  cancelsAtOnce: (receiver) => (request) =>
    answer(receiver, {
      ...toDelivery(request),
      async body(maxBytes) {
        const reader = request.body?.getReader();
        try {
          requireIdentity(request.headers.get("content-encoding"));
          return { bytes: await collect(reader, maxBytes) };
        } finally {
          void reader?.cancel();
        }
      },
    }),
} satisfies Record<string, (receiver: Receiver) => Fetch>;

async function answer(receiver: Receiver, delivery: HttpDelivery): Promise<Response> {
  const ack = await receiver.handle(delivery);
  void ack.work?.();
  return toResponse(ack);
}

const sleep = (ms: number): Promise<void> => setTimeout(ms, undefined, { ref: false });

const toDelivery = (request: Request): HttpDelivery => ({
  method: request.method,
  url: request.url,
  header: (name) => request.headers.get(name) ?? undefined,
  async body(maxBytes) {
    requireIdentity(request.headers.get("content-encoding"));
    return { bytes: await readAll(request, maxBytes) };
  },
});

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function readAll({ body }: Request, maxBytes: number): Promise<Uint8Array> {
  const reader = body?.getReader();
  try {
    return await collect(reader, maxBytes);
  } catch (thrown) {
    void readOn(reader);
    throw thrown;
  }
}

async function collect(
  reader: Pick<Reader, "read"> | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const collected = collectBytes(maxBytes);
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    collected.add(next.value);
  }
  return collected.bytes();
}

/** Reads on for a while, because some hosts throw when their stream is cancelled at once. */
async function readOn(reader: Reader | undefined): Promise<void> {
  for (let pieces = 0; pieces < 100; pieces += 1) {
    if ((await reader?.read())?.done !== false) return;
  }
  void reader?.cancel();
}

const toResponse = ({ status, headers, body }: Ack): Response =>
  new Response(body, { status, headers });
