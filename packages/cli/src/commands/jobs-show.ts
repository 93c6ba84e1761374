import { defineCommand, flag, required } from "../definition/command.ts";
import { toRecordLines } from "../stores/describe-record.ts";
import { withStore } from "../stores/open-store.ts";
import { redactRecord } from "../stores/redact.ts";
import { idOfJob, storeOptions } from "./options.ts";

/** Shows one job of a store. */
export const jobsShow = defineCommand({
  name: "jobs show",
  summary: "Show one job of a store",
  details: "The exit code is 1 when the store has no such job.",
  args: { jobId: required(idOfJob, "The job's id.") },
  options: {
    ...storeOptions,
    reveal: flag("Print the payload and the binding in full."),
  },
  examples: ["jobs show job_1 --store sqlite:jobs.db --reveal"],
  async run({ jobId, store: url, namespace, reveal }, { terminal, output }) {
    return withStore({ url, namespace, cwd: terminal.cwd }, async (store) => {
      const record = await store.get(jobId);
      if (record === undefined) {
        output.note(`The store has no job "${jobId}".`);
        return false;
      }
      const shown = redactRecord(record, reveal);
      output.result(shown, toRecordLines(shown));
      return true;
    });
  },
});
