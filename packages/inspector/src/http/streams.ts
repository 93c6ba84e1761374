import type { InspectorSource } from "../source/source.ts";
import { eventStream, text } from "./answers.ts";

/** The open event streams of a page. An event says that something has changed, but not what. */
export interface Streams {
  /** Answers with a stream, or with its headers only: a host does not cancel the body of a HEAD. */
  open(method: string): Response;
  /** Ends all streams, and refuses new ones. */
  close(): void;
}

/** All changes within this time are sent as one event. */
const DEBOUNCE_MS = 400;
/** The same time under load. Each event makes every open page request its content again. */
const BUSY_DEBOUNCE_MS = 1_000;
const BUSY_CHANGES = 100;
const KEEP_ALIVE_MS = 15_000;
const MAX_STREAMS = 100;
/** The maximum number of events that wait for a slow client. Further events are dropped. */
const MAX_QUEUED = 4;

const encoder = new TextEncoder();
const HELLO = encoder.encode("retry: 2000\n\n");
const CHANGED = encoder.encode("event: changed\ndata:\n\n");
/** With this event the page also updates its ages. */
const KEEP_ALIVE = encoder.encode("event: alive\ndata:\n\n");

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Makes the streams of a page. No timer runs while no stream is open. */
export function createStreams(source: InspectorSource): Streams {
  const clients = new Set<Controller>();
  let ended = false;
  let changes = 0;
  let isBusy = false;
  let pending: Timer | undefined;
  let keepAlive: Timer | undefined;

  const send = (message: Uint8Array): void => {
    for (const client of clients) if ((client.desiredSize ?? 0) > 0) client.enqueue(message);
  };
  const rest = (): void => {
    clearTimeout(pending);
    clearInterval(keepAlive);
    pending = keepAlive = undefined;
  };
  const close = (): void => {
    ended = true;
    for (const client of clients) client.close();
    clients.clear();
    rest();
  };
  const changed = (): void => {
    if (clients.size === 0) return;
    changes += 1;
    pending ??= after(isBusy ? BUSY_DEBOUNCE_MS : DEBOUNCE_MS, () => {
      pending = undefined;
      isBusy = changes > BUSY_CHANGES;
      changes = 0;
      send(CHANGED);
    });
  };
  source.subscribe(changed, close);

  return {
    close,
    open(method) {
      if (ended) return text(503, "The receiver has been drained. It has no more to tell.");
      if (clients.size >= MAX_STREAMS) return text(503, "Expected fewer open pages. Close some.");
      if (method === "HEAD") return eventStream(null);
      let client: Controller;
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            client = controller;
            clients.add(controller);
            controller.enqueue(HELLO);
          },
          cancel() {
            clients.delete(client);
            if (clients.size === 0) rest();
          },
        },
        { highWaterMark: MAX_QUEUED },
      );
      keepAlive ??= every(KEEP_ALIVE_MS, () => send(KEEP_ALIVE));
      return eventStream(body);
    },
  };
}

type Timer = ReturnType<typeof setTimeout>;

const after = (ms: number, run: () => void): Timer => unref(setTimeout(run, ms));
const every = (ms: number, run: () => void): Timer => unref(setInterval(run, ms));

/** Makes a timer that does not keep the Node process alive. */
function unref(timer: Timer): Timer {
  if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
  return timer;
}
