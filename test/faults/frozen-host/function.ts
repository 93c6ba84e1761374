// A function in its own process, on a host that freezes it after each answer: see `host.ts`.
import { appendFileSync } from "node:fs";
import { createReceiver } from "@abstrakt-webhooks/core";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import type { Invocation, Setup } from "./host.ts";

const { folder, ack, cutOff, aheadMs } = JSON.parse(process.argv[2] ?? "") as Setup;
const clock = () => Date.now() + aheadMs;

// Lambda's Node has this, whatever the framework.
Object.assign(globalThis, { awslambda: {} });

const warnings: string[] = [];
const receiver = createReceiver({
  auth: "none",
  store: sqliteStore(`${folder}/jobs.db`, { clock }),
  ack,
  clock,
  limits: { ackTimeoutMs: cutOff ? 50 : 20_000 },
  async onSucceeded(job) {
    if (cutOff) await new Promise(() => undefined);
    appendFileSync(`${folder}/ended`, `${job.job_id}\n`);
  },
  onEvent: (event) => void (event.type === "warning" && warnings.push(event.error.code)),
});

process.on("message", (invocation: Invocation) => {
  void answer(invocation).then((answered) => process.send?.(answered));
});

async function answer(invocation: Invocation): Promise<object> {
  if (invocation === "tick") return receiver.tick();
  if (invocation === "warnings") return warnings;
  const body = JSON.stringify(succeededPayload({ job_id: invocation.deliver }));
  const request = new Request("https://example.com/hook", { method: "POST", body });
  return { status: (await receiver.fetch(request)).status };
}
