import type { Clock } from "../../clock.ts";
import type { ExpectedJobs, PollLease } from "../capabilities.ts";
import { contradictsBinding } from "./ingest.ts";
import { requireRoom } from "./require-room.ts";
import { createRow, toPollLease } from "./row.ts";
import type { Table } from "./table.ts";

export function expectedJobs(table: Table, clock: Clock): ExpectedJobs {
  return {
    async expect(jobId, o) {
      const nowMs = clock();
      const row = table.find(jobId) ?? createRow(jobId);
      if (row.state === "dead" && row.fingerprint === undefined) requireRoom(table);
      row.expected = true;
      if (row.fingerprint !== undefined) {
        if (!contradictsBinding(row, o)) return "arrived";
        table.addConflict(row);
        return "contested";
      }
      // The binding of `expect` replaces the binding of a parked delivery.
      row.binding = o.binding ?? row.binding;
      if (row.state === "expected") return "expected";
      row.error = undefined;
      row.settledAtMs = undefined;
      row.giveUpAfterMs = o.giveUpAfterMs;
      row.giveUpAtMs = nowMs + o.giveUpAfterMs;
      table.place(row, "expected", nowMs + o.pollAfterMs);
      return "expected";
    },
    async claimPolls(o) {
      const nowMs = clock();
      const leases: PollLease[] = [];
      for (let row = table.nextPoll(); row !== undefined; row = table.nextPoll()) {
        if (leases.length === o.limit || row.dueAtMs > nowMs) break;
        row.fence += 1;
        row.polls += 1;
        table.place(row, "expected", nowMs + o.leaseMs);
        leases.push(toPollLease(row, nowMs));
      }
      return leases;
    },
    async settlePoll(poll, o) {
      const nowMs = clock();
      const row = table.find(poll.jobId);
      if (row?.state !== "expected" || row.fence !== poll.fence) return false;
      if ("giveUp" in o) {
        row.error = o.giveUp;
        row.settledAtMs = nowMs;
        table.place(row, "dead", nowMs);
      } else {
        table.place(row, "expected", nowMs + o.againAfterMs);
      }
      return true;
    },
  };
}
