import { confirm } from "../confirm.ts";
import { defineCommand, flag, optional } from "../definition/command.ts";
import { wrongUse } from "../errors.ts";
import { printable } from "../output.ts";
import type { InspectedStore } from "../stores/inspected-store.ts";
import { withStore } from "../stores/open-store.ts";
import { recordsOf } from "../stores/records.ts";
import type { Terminal } from "../terminal.ts";
import { filters, idOfJob, storeOptions } from "./options.ts";

/** Makes dead jobs pending again. */
export const jobsRedrive = defineCommand({
  name: "jobs redrive",
  summary: "Make dead jobs pending again",
  details:
    "Your app then runs its callback for these jobs, within 30 seconds or when it starts. Their attempts count from zero.",
  args: { jobId: optional(idOfJob, "The job's id.") },
  options: {
    ...storeOptions,
    allDead: flag("Redrive every dead job."),
    prefix: filters.prefix,
    yes: flag("Do not ask for confirmation."),
  },
  examples: [
    "jobs redrive job_1 --store sqlite:jobs.db",
    "jobs redrive --all-dead --prefix job_ab --yes --store redis://localhost",
  ],
  async run({ jobId, allDead, prefix, yes, store: url, namespace }, { terminal, output }) {
    if ((jobId === undefined) !== allDead) {
      throw wrongUse(
        `Expected a job's id or \`--all-dead\`, got ${allDead ? "both" : "neither"}. Give one of them.`,
      );
    }
    return withStore({ url, namespace, cwd: terminal.cwd }, async (store) => {
      const ids = jobId === undefined ? await deadIds(store, prefix) : [jobId];
      if (jobId === undefined && !yes && !(await mayRedrive(ids.length, terminal))) {
        output.note("No job is redriven.");
        return false;
      }
      let well = true;
      let redrivenAny = false;
      for (const id of ids) {
        const redriven = await store.redrive(id);
        const text = redriven ? "redriven" : `not redriven: ${await whyNot(store, id)}`;
        output.result({ jobId: id, redriven }, `${printable(id)}  ${text}`);
        redrivenAny ||= redriven;
        // With `--all-dead`, another process may have redriven the job since it was listed.
        well &&= redriven || jobId === undefined;
      }
      if (ids.length === 0) output.text("No dead jobs.");
      if (redrivenAny)
        output.text("Your app runs the callback within 30 seconds, or when it starts.");
      return well;
    });
  },
});

/** Reads all ids first, because a job that is redriven leaves the list of dead jobs. */
async function deadIds(store: InspectedStore, prefix: string | undefined): Promise<string[]> {
  const ids: string[] = [];
  for await (const record of recordsOf(store, { state: "dead", prefix })) ids.push(record.jobId);
  return ids;
}

async function whyNot(store: InspectedStore, id: string): Promise<string> {
  const record = await store.get(id);
  if (record === undefined) return "the store has no such job";
  return `the job is ${record.state}, and only a dead job can be redriven`;
}

const mayRedrive = async (count: number, terminal: Terminal): Promise<boolean> =>
  count === 0 || confirm(`Redrive ${count} dead ${count === 1 ? "job" : "jobs"}?`, terminal);
