import { defineCommand, flag, optional } from "../definition/command.ts";
import { wholeNumber } from "../definition/values.ts";
import { withStore } from "../stores/open-store.ts";
import { recordsOf } from "../stores/records.ts";
import { redactRecord } from "../stores/redact.ts";
import { filters, storeOptions } from "./options.ts";

/** Writes jobs of a store as JSON lines. */
export const jobsExport = defineCommand({
  name: "jobs export",
  summary: "Write the jobs of a store as JSON lines",
  details: "The command reads the store page by page, so the store may be large.",
  args: {},
  options: {
    ...storeOptions,
    ...filters,
    limit: optional(
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      "The maximum number of jobs to write.",
    ),
    reveal: flag("Print payloads and bindings in full."),
  },
  examples: ["jobs export --store sqlite:jobs.db --state dead --reveal > dead.jsonl"],
  async run({ store: url, namespace, reveal, ...filter }, { terminal, output }) {
    return withStore({ url, namespace, cwd: terminal.cwd }, async (store) => {
      for await (const record of recordsOf(store, filter)) {
        const shown = redactRecord(record, reveal);
        output.result(shown, JSON.stringify(shown));
      }
      return true;
    });
  },
});
