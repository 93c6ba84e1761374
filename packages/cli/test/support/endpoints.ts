import { getRequestListener } from "@hono/node-server";
import { createReceiver, memoryStore, signedUrl } from "@abstrakt-webhooks/core";
import { serve } from "./app.ts";

/** The secret that signs the URLs of every endpoint. */
export const SECRET = "a secret of at least 32 characters";

type Answer = (request: Request) => Promise<Response>;

/** The parts that a planted fault can use. */
interface Good {
  /** A receiver of these packages. */
  readonly answer: Answer;
  /** The same, for requests without a token. */
  readonly answerAnybody: Answer;
  /** Ends the server, as an error that nothing handles does. */
  die(): void;
}

/** Makes a bad endpoint: it differs from the good one in one fault. */
type Plant = (good: Good) => Answer;

const received = (more = {}): Response => Response.json({ received: true, ...more });
const CALLBACK_MS = 2_500;
const forever = new Promise<never>(() => undefined);

const jobIdOf = async (request: Request): Promise<string> =>
  ((await request.clone().json()) as { job_id: string }).job_id;

/** Answers as the good endpoint does, but answers a repeat or a contradiction by `respond`. */
const onRepeat =
  (respond: () => Response): Plant =>
  ({ answer }) =>
  async (request) => {
    const good = await answer(request);
    const body = await good.clone().text();
    return /"(duplicate|conflict)"/.test(body) ? respond() : good;
  };

/** One fault for each check of `doctor`, by the check's id. */
export const plantedFaults: Record<string, Plant> = {
  redirect:
    ({ answer }) =>
    async (request) => {
      const url = new URL(request.url);
      if (request.method !== "POST" || url.pathname.endsWith("/")) return answer(request);
      return new Response(null, {
        status: 308,
        headers: { location: `${url.pathname}/${url.search}` },
      });
    },
  "acknowledge-first":
    ({ answer }) =>
    async (request) => {
      const good = await answer(request);
      const isNew = (await good.clone().text()) === '{"received":true}';
      if (isNew) await new Promise((resolve) => setTimeout(resolve, CALLBACK_MS));
      return good;
    },
  idempotent: onRepeat(() => received()),
  "repeat-without-error": onRepeat(() => new Response("unique violation", { status: 500 })),
  "repeat-without-refusal": onRepeat(() => new Response("exists", { status: 409 })),
  "refuses-garbage":
    ({ answer }) =>
    async (request) => {
      const good = await answer(request);
      return good.status === 400 ? received() : good;
    },
  "body-limit":
    ({ answer }) =>
    async (request) => {
      if (Number(request.headers.get("content-length")) < 1_000_000) return answer(request);
      await jobIdOf(request);
      return received();
    },
  "drained-body":
    ({ answer }) =>
    async (request) =>
      // Waits for the end of a stream that a parser has already read.
      request.headers.get("content-type")?.includes("form") ? forever : answer(request),
  method:
    ({ answer }) =>
    async (request) =>
      request.method === "GET" ? new Response("Webhook") : answer(request),
  "error-text":
    ({ answer }) =>
    async (request) => {
      const text = request.method === "POST" ? await request.clone().text() : "";
      const good = await answer(request);
      if (good.status !== 400) return good;
      try {
        JSON.parse(text);
        return good;
      } catch (error) {
        return new Response((error as Error).stack, { status: 400 });
      }
    },
  token:
    ({ answerAnybody }) =>
    async (request) =>
      answerAnybody(request),
  "aborted-body":
    ({ answer, die }) =>
    async (request) => {
      if (request.method === "POST") await request.clone().text().catch(die);
      return answer(request);
    },
};

/** Serves an endpoint; without a fault it is the good one. */
export async function serveEndpoint(
  plant: Plant = ({ answer }) => answer,
  atEnd?: (close: () => Promise<void>) => void,
): Promise<string> {
  const origin = "http://127.0.0.1";
  const common = { store: memoryStore(), onEvent: () => undefined };
  const auth = signedUrl({ secrets: [SECRET], url: `${origin}/api/abstrakt-webhook` });
  const [signed, open] = [
    createReceiver({ ...common, auth, onSucceeded: () => undefined }),
    createReceiver({ ...common, auth: "none", onSucceeded: () => undefined }),
  ];
  const answer = plant({
    answer: (request) => signed.fetch(request),
    answerAnybody: (request) => open.fetch(request),
    die: () => void close(),
  });
  const listener = getRequestListener(answer, { overrideGlobalObjects: false });
  const { url, close } = await serve(
    (request, response) => void listener(request, response),
    0,
    atEnd,
  );
  return url;
}
