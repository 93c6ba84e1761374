import type { Exchange } from "../delivery/send.ts";
import type { Observations } from "./observations.ts";

/** The outcome of a check. */
export type Verdict =
  | { readonly outcome: "pass" }
  | { readonly outcome: "fail"; readonly seen: string }
  | { readonly outcome: "skip"; readonly seen: string };

/** One thing that a good receiver does. */
export interface Check {
  /** Also the heading in docs/doctor.md. */
  readonly id: string;
  readonly title: string;
  /** What to do when it fails. */
  readonly remedy: string;
  judge(seen: Observations): Verdict;
}

const MAX_ACK_MS = 5_000;
const MAX_CALLBACK_MS = 1_500;
const LEAKS = [
  /\n\s+at \S.*:\d+:\d+/,
  /\b(Syntax|Type|Reference|Range)Error\b/,
  /node_modules/,
  /Traceback \(most recent call last\)/,
  /(in JSON at position|is not valid JSON|Unexpected (end of JSON|token))/,
  /doctor_canary/, // CANARY
];

const pass: Verdict = { outcome: "pass" };
const fail = (seen: string): Verdict => ({ outcome: "fail", seen });
const failIf = (bad: boolean, seen: string): Verdict => (bad ? fail(seen) : pass);

const statusOf = (exchange: Exchange): number =>
  exchange.kind === "answered" ? exchange.status : 0;
const isStatus = (exchange: Exchange, hundred: number): boolean =>
  Math.floor(statusOf(exchange) / 100) === hundred;
const isSilent = (exchange: Exchange): boolean =>
  exchange.kind === "failed" && exchange.reason === "silent";
const isNew = (exchange: Exchange): boolean =>
  isStatus(exchange, 2) && !(toAnswer(exchange)["duplicate"] === true);

function toAnswer(exchange: Exchange): Record<string, unknown> {
  const body = exchange.kind === "answered" ? exchange.body : undefined;
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}

function leakOf(exchange: Exchange): string | undefined {
  if (exchange.kind === "failed") return undefined;
  const text = typeof exchange.body === "string" ? exchange.body : JSON.stringify(exchange.body);
  // In JSON the lines of a stack are escaped.
  const plain = text.replaceAll(String.raw`\n`, "\n");
  return LEAKS.map((leak) => leak.exec(plain)?.[0].trim()).find((leak) => leak !== undefined);
}

/** The twelve checks. */
export const checks: readonly Check[] = [
  {
    id: "redirect",
    title: "answers without a redirect",
    remedy:
      "Submit the URL that the redirect points to. A sender that does not follow it loses the result.",
    judge: ({ redirectedTo }) =>
      redirectedTo === undefined ? pass : fail(`redirects to ${redirectedTo}`),
  },
  {
    id: "acknowledge-first",
    title: "answers before the callback ends",
    remedy: "Store the result, answer 200, and run slow code afterwards.",
    judge: ({ first, pending }) =>
      failIf(
        first.ms > MAX_ACK_MS || first.ms - pending.ms > MAX_CALLBACK_MS,
        `answered a new result after ${first.ms} ms, a status update after ${pending.ms} ms`,
      ),
  },
  {
    id: "idempotent",
    title: "recognises a repeated result",
    remedy:
      "Write each job_id once. Answer a repeat with 200 and `duplicate: true`, and do not run the callback.",
    judge({ repeat, burst }) {
      if (isNew(repeat)) return fail("took a repeated result as new");
      const taken = burst.filter(isNew).length;
      return failIf(
        taken > 1,
        `accepted one result as new ${taken} times when it came several times at once`,
      );
    },
  },
  {
    id: "repeat-without-error",
    title: "answers a repeat without a 5xx",
    remedy:
      "Answer 200 when a unique key is violated. After a 5xx the sender sends the result again.",
    judge: ({ repeat }) =>
      failIf(isStatus(repeat, 5), `answered a repeat with ${statusOf(repeat)}`),
  },
  {
    id: "repeat-without-refusal",
    title: "answers a repeat or a different result without a 4xx",
    remedy: "Answer 200 and keep the first result. A sender may take a 4xx as final.",
    judge({ repeat, contradiction }) {
      const refused = [repeat, contradiction].find((exchange) => isStatus(exchange, 4));
      return refused === undefined
        ? pass
        : fail(
            `answered a ${refused === repeat ? "repeat" : "different result for the same job"} with ${statusOf(refused)}`,
          );
    },
  },
  {
    id: "refuses-garbage",
    title: "refuses a body that is not a result",
    remedy: "Check the body before you store it. Answer 400 if it is not JSON or has no job_id.",
    judge({ garbage }) {
      const bad = garbage.find((exchange) => !isStatus(exchange, 4));
      return bad === undefined
        ? pass
        : fail(`answered a broken body with ${statusOf(bad) || "nothing"}`);
    },
  },
  {
    id: "body-limit",
    title: "limits the size of a body",
    remedy: "Count the bytes while you read, stop at a limit such as 256 kB, and answer 413.",
    judge: ({ oversized }) =>
      failIf(
        isStatus(oversized, 2) || isSilent(oversized),
        isSilent(oversized) ? "read 8 MB and did not answer" : "took a result of 8 MB",
      ),
  },
  {
    id: "drained-body",
    title: "answers a body that is empty or already read",
    remedy: "Mount the webhook before body parsers, or use what they have read.",
    judge: ({ drained }) =>
      failIf(drained.some(isSilent), "did not answer an empty body, a form or a text"),
  },
  {
    id: "method",
    title: "accepts POST only",
    remedy: "Mount the webhook for POST. Answer any other method with 405.",
    judge: ({ wrongMethod }) =>
      failIf(
        statusOf(wrongMethod) < 300 || isStatus(wrongMethod, 5),
        `answered GET with ${statusOf(wrongMethod) || "nothing"}`,
      ),
  },
  {
    id: "error-text",
    title: "sends no texts of errors",
    remedy: "Answer with a fixed text. In Express, set NODE_ENV=production.",
    judge({ garbage, oversized, drained, wrongMethod, unsigned }) {
      const answers = [...garbage, oversized, ...drained, wrongMethod, ...unsigned];
      const leak = answers.map(leakOf).find((found) => found !== undefined);
      return leak === undefined ? pass : fail(`an answer contains "${leak.slice(0, 80)}"`);
    },
  },
  {
    id: "token",
    title: "refuses a delivery without a token",
    remedy:
      "Pass `auth: signedUrl({ secrets, url })`. Without it, anybody who knows the URL can deliver.",
    judge({ unsigned }) {
      if (unsigned.length === 0) return { outcome: "skip", seen: "pass --secret to check it" };
      const taken = unsigned.find((exchange) => isStatus(exchange, 2));
      return taken === undefined ? pass : fail("took a result without a valid token");
    },
  },
  {
    id: "aborted-body",
    title: "survives a body that ends early",
    remedy:
      "Handle the `error` and `close` events of the request. An unhandled error ends the process.",
    judge: ({ afterAbort }) =>
      failIf(afterAbort.kind === "failed", "did not answer after a body that ended early"),
  },
];
