import { defineCommand } from "../definition/command.ts";
import { toTable } from "../output.ts";
import { withStore } from "../stores/open-store.ts";
import { storeOptions } from "./options.ts";

/** Counts the jobs of a store. */
export const jobsStats = defineCommand({
  name: "jobs stats",
  summary: "Count the jobs of a store by state",
  details: "",
  args: {},
  options: storeOptions,
  examples: ["jobs stats --store redis://localhost --json"],
  async run({ store: url, namespace }, { terminal, output }) {
    return withStore({ url, namespace, cwd: terminal.cwd }, async (store) => {
      const stats = await store.stats();
      const { oldestPendingMs, ...counts } = stats;
      const rows = Object.entries(counts).map(([state, count]) => [state, String(count)]);
      output.result(stats, toTable(["STATE", "JOBS"], rows));
      if (oldestPendingMs !== undefined) {
        output.text(
          `The oldest result that is not settled came ${Math.round(oldestPendingMs / 1_000)} s ago.`,
        );
      }
      return true;
    });
  },
});
