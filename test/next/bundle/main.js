import { createReceiver } from "@abstrakt-webhooks/core";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";

const handled = [];
const receiver = createReceiver({
  auth: "none",
  store: sqliteStore(process.env.JOBS_FILE),
  onSucceeded: ({ job_id: jobId }) => void handled.push(jobId),
  onEvent: () => undefined,
});

const body = JSON.stringify({
  job_id: "job",
  status: "succeeded",
  output: { type: "image", items: [] },
});
const deliver = () => receiver.fetch(new Request("http://localhost/", { method: "POST", body }));

async function main() {
  const statuses = [(await deliver()).status, (await deliver()).status];
  const problem = await receiver.idle().then(
    () => undefined,
    (error) => error.message,
  );
  console.log(JSON.stringify({ statuses, handled, problem }));
}

void main();
