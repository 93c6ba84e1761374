import { printable, type Output } from "../output.ts";
import type { Payload } from "./payload.ts";
import { isAccepted, send, toRecord, type Exchange } from "./send.ts";

/** How payloads are sent. */
export interface Repetition {
  /** How often each payload is sent. */
  readonly times: number;
  /** Whether all are sent at once, or each after the answer to the one before. */
  readonly concurrent: boolean;
}

/** Sends payloads and prints the answer to each. Resolves with whether all answers are 2xx. */
export async function deliverAll(
  url: string,
  payloads: readonly Payload[],
  { times, concurrent }: Repetition,
  output: Output,
): Promise<boolean> {
  const remarks = new Set<string>();
  const deliverOne = async ({ jobId, bytes }: Payload): Promise<boolean> => {
    const exchange = await send(url, { body: bytes });
    const remark = remarkOn(exchange, new URL(url));
    if (remark !== undefined && !remarks.has(remark)) output.note(remark);
    if (remark !== undefined) remarks.add(remark);
    const name = jobId === undefined ? {} : { jobId };
    output.result({ ...name, ...toRecord(exchange) }, describeExchange(jobId, exchange, output));
    return isAccepted(exchange);
  };
  const deliveries = payloads.flatMap((payload) => Array.from({ length: times }, () => payload));
  if (concurrent) return (await Promise.all(deliveries.map(deliverOne))).every(Boolean);
  let accepted = true;
  for (const payload of deliveries) accepted = (await deliverOne(payload)) && accepted;
  return accepted;
}

/** An exchange as a line for people. */
function describeExchange(
  jobId: string | undefined,
  exchange: Exchange,
  { colors }: Output,
): string {
  const name = printable(jobId ?? "(no job_id)");
  const time = `${exchange.ms} ms`;
  if (exchange.kind === "failed") {
    return `${name}  ${colors.red(WORDS[exchange.reason])}  ${time}  ${exchange.code}`;
  }
  const { status, body } = exchange;
  const colored = isAccepted(exchange) ? colors.green(`${status}`) : colors.red(`${status}`);
  const answer =
    typeof body === "string" ? JSON.stringify(body.slice(0, 200)) : JSON.stringify(body);
  return `${name}  ${colored}  ${time}  ${printable(answer)}`;
}

/** What to do about the two mistakes of a first try. */
function remarkOn(exchange: Exchange, { origin, pathname }: URL): string | undefined {
  if (exchange.kind === "answered") {
    return exchange.status === 404
      ? `The app at ${origin} has no route for POST ${pathname}. Mount the webhook there, or correct the path.`
      : undefined;
  }
  return exchange.reason === "unreachable"
    ? `Expected an app at ${origin}, got ${exchange.code}. Start it, or correct the URL.`
    : undefined;
}

const WORDS = {
  unreachable: "not reachable",
  silent: "no answer",
  cut: "connection ended without an answer",
} as const;
