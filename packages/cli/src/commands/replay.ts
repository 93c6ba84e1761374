import { uniqueJobId } from "@abstrakt-webhooks/testing";
import { defineCommand, flag, required } from "../definition/command.ts";
import { httpUrl } from "../definition/values.ts";
import { deliverAll } from "../delivery/deliver-all.ts";
import { setPaths } from "../delivery/set-path.ts";
import { secretFor, sign } from "../delivery/sign.ts";
import { notWell } from "../errors.ts";
import { withStore } from "../stores/open-store.ts";
import { idOfJob, signing, storeOptions } from "./options.ts";

/** Sends a stored payload again. */
export const replayCommand = defineCommand({
  name: "replay",
  summary: "Send a stored result to your app again",
  details:
    "A good app answers `duplicate` and does not run its callback. With --new-id it runs its callback.\nA job that came by a signed URL belongs to this URL. With --secret, the result goes to a new URL, so the app answers `conflict` and counts it in the job's `conflicts`. It does not run its callback. For `duplicate`, pass the `webhook_url` of the job as --to, until this URL expires.",
  args: { jobId: required(idOfJob, "The job's id.") },
  options: {
    ...storeOptions,
    to: required(httpUrl, "The endpoint of your app."),
    newId: flag("Send it under a new job id."),
    ...signing,
  },
  examples: [
    "replay job_1 --store sqlite:jobs.db --to http://localhost:3000/api/abstrakt-webhook",
    "replay job_1 --new-id --store sqlite:jobs.db --to http://localhost:3000/api/abstrakt-webhook",
  ],
  async run({ jobId, store: url, namespace, to, newId, secret, ref }, context) {
    const { terminal, output } = context;
    const signed = await sign(to, { secret: await secretFor(to, { secret, ref }, context), ref });
    const record = await withStore({ url, namespace, cwd: terminal.cwd }, (store) =>
      store.get(jobId),
    );
    if (record === undefined) throw notWell(`Expected the store to have job "${jobId}", got none.`);
    if (record.payload === undefined) {
      throw notWell(
        `Expected the payload of job "${jobId}" to be kept, got a ${record.state} row without one.`,
      );
    }
    if (signed !== to && record.binding !== undefined && !newId) {
      output.note(
        `Job "${jobId}" belongs to another signed URL, so the app answers \`conflict\` and counts it. For \`duplicate\`, pass the job's own \`webhook_url\` as \`--to\`.`,
      );
    }
    const id = newId ? uniqueJobId() : jobId;
    const body = newId ? rename(record.payload, id) : record.payload;
    const payload = { jobId: id, bytes: Buffer.from(body) };
    return deliverAll(signed, [payload], { times: 1, concurrent: false }, output);
  },
});

const rename = (payload: string, id: string): string =>
  JSON.stringify(setPaths(JSON.parse(payload) as object, [{ path: ["job_id"], value: id }]));
