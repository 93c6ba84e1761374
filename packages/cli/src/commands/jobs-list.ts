import type { JobRecord } from "@abstrakt-webhooks/core";
import { defineCommand, flag, withDefault } from "../definition/command.ts";
import { wholeNumber } from "../definition/values.ts";
import { toRecordTable } from "../stores/describe-record.ts";
import { withStore } from "../stores/open-store.ts";
import { recordsOf } from "../stores/records.ts";
import { redactRecord } from "../stores/redact.ts";
import { filters, storeOptions } from "./options.ts";

/** Lists jobs of a store. */
export const jobsList = defineCommand({
  name: "jobs list",
  summary: "List the jobs of a store",
  details: "The command changes no job.",
  args: {},
  options: {
    ...storeOptions,
    ...filters,
    limit: withDefault(wholeNumber(1, 1_000_000), "20", "The maximum number of jobs to print."),
    reveal: flag("With --json, print payloads and bindings in full."),
  },
  examples: [
    "jobs list --store sqlite:jobs.db --state dead",
    "jobs list --store postgres://localhost/app --prefix job_ab --json",
  ],
  async run({ store: url, namespace, reveal, ...filter }, { terminal, output }) {
    return withStore({ url, namespace, cwd: terminal.cwd }, async (store) => {
      const records: JobRecord[] = [];
      for await (const record of recordsOf(store, filter)) {
        records.push(redactRecord(record, reveal));
      }
      output.results(records, toRecordTable);
      return true;
    });
  },
});
