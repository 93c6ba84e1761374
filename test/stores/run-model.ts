import { equal, ok, type StoreHarness } from "@abstrakt-webhooks/testing";
import type { ListOptions, Settlement } from "@abstrakt-webhooks/core";
import { checkLease, checkList, checkOrder, compare, type Store } from "./compare-with-model.ts";
import type { Command } from "./model-commands.ts";
import { createModel, type Model, type ModelRow } from "./model.ts";

/** Retention of the stores under test, in units; it ends in a half, as every duration does. */
export const RETENTION = { done: 9.5, dead: 7.5 };

/**
 * Runs one history on a store and on the model, and fails at the first step where they differ. Rows
 * are compared after each step, times to within half a unit, so on a real clock a step must take
 * less than that. Returns the outcome of each step, such as `"settle done true"`.
 */
export async function runModel(
  harness: StoreHarness,
  history: readonly Command[],
  unitMs: number,
): Promise<string[]> {
  const model = createModel({
    doneTtlMs: RETENTION.done * unitMs,
    deadTtlMs: RETENTION.dead * unitMs,
  });
  const store = harness.store as Store;
  const outcomes: string[] = [];
  for (const [index, command] of history.entries()) {
    const what = `step ${index}, ${command.do}`;
    const outcome = await take(command, { store, model, harness, unitMs, what });
    // A store may remove an expired row when it is read; the next step may be a prune.
    if (command.do !== "advance") await compare(store, model, unitMs / 2, what);
    outcomes.push(`${command.do} ${outcome}`);
  }
  return outcomes;
}

interface Step {
  store: Store;
  model: Model;
  harness: StoreHarness;
  unitMs: number;
  what: string;
}

async function take(
  command: Command,
  { store, model, harness, unitMs, what }: Step,
): Promise<string> {
  const ms = (units: number) => units * unitMs;
  const owner = "model";
  switch (command.do) {
    case "ingest": {
      const leaseMs = ms(command.lease);
      const state = model.find(command.delivery.jobId)?.state;
      const got = await store.ingest(command.delivery, { owner, leaseMs });
      const outcome = got.kind === "conflict" ? `${got.kind} ${got.reason}` : got.kind;
      equal(outcome, model.ingest(command.delivery, leaseMs), what);
      if (got.kind === "duplicate" || got.kind === "conflict") equal(got.state, state, what);
      if (got.kind === "leased") checkLease(got.lease, model, what);
      return outcome;
    }
    case "claim": {
      const { limit, jobId } = command;
      const leaseMs = ms(command.lease);
      const due = model.claimable(jobId);
      const leases = await store.claim({ owner, leaseMs, limit, ...(jobId && { jobId }) });
      checkOrder(leases, due, limit, what);
      for (const lease of leases) {
        model.lease(lease.jobId, leaseMs);
        checkLease(lease, model, what);
      }
      return `${leases.length}`;
    }
    case "settle": {
      const { jobId } = command;
      const row = model.find(jobId);
      const fence = (row?.fence ?? 1) - (command.stale ? 1 : 0);
      const settlement = inMs(command.settlement, row, unitMs);
      const got = await store.settle({ jobId, fence }, settlement);
      equal(got, model.settle(jobId, fence, settlement), what);
      return `${settlement.to} ${got}`;
    }
    case "expect": {
      const { jobId, poll, giveUp, binding } = command;
      const times = { pollAfterMs: ms(poll), giveUpAfterMs: ms(giveUp) };
      const o = { ...times, ...(binding !== undefined && { binding }) };
      const got = await store.expect(jobId, o);
      equal(got, model.expect(jobId, o), what);
      return got;
    }
    case "claimPolls": {
      const leaseMs = ms(command.lease);
      const due = model.pollable();
      const polls = await store.claimPolls({ limit: command.limit, leaseMs });
      checkOrder(polls, due, command.limit, what);
      for (const { jobId, ...poll } of polls) {
        model.leasePoll(jobId, leaseMs);
        const { fence, polls: count, binding, giveUpAtMs = 0 } = model.find(jobId) ?? {};
        const overdue = model.nowMs() >= giveUpAtMs;
        equal(poll, { fence, polls: count, binding, overdue }, what);
      }
      return `${polls.length}`;
    }
    case "settlePoll": {
      const { jobId, again } = command;
      const fence = (model.find(jobId)?.fence ?? 1) - (command.stale ? 1 : 0);
      const o = again === undefined ? { giveUp: "never_delivered" } : { againAfterMs: ms(again) };
      const got = await store.settlePoll({ jobId, fence }, o);
      equal(got, model.settlePoll(jobId, fence, o), what);
      return `${Object.keys(o)[0]} ${got}`;
    }
    case "redrive": {
      const got = await store.redrive(command.jobId);
      equal(got, model.redrive(command.jobId), what);
      return `to ${model.find(command.jobId)?.state} ${got}`;
    }
    case "prune": {
      const count = await store.prune({ limit: command.limit });
      ok(count >= 0 && count <= command.limit, `${what}: at most ${command.limit} pruned`);
      return `${count}`;
    }
    case "list": {
      const { do: _do, ...o } = command;
      const ids = await listAll(store, o, what);
      checkList(ids, model, o, what);
      return `${ids.length}`;
    }
    case "advance":
      model.advance(ms(command.units));
      await harness.elapse(ms(command.units));
      return "";
  }
}

/** The ids of every page; no page is longer than the limit. */
async function listAll(store: Store, o: ListOptions, what: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ ...o, ...(after !== undefined && { after }) });
    ok(page.records.length <= o.limit, `${what}: at most ${o.limit} a page`);
    ids.push(...page.records.map((record) => record.jobId));
    after = page.next;
  } while (after !== undefined && ids.length < 10);
  return ids;
}

/** A row without a result is settled as done only with one. */
function inMs(settlement: Settlement, row: ModelRow | undefined, unitMs: number): Settlement {
  switch (settlement.to) {
    case "done":
      if (row?.fingerprint !== undefined) return settlement;
      return { to: "done", result: { payload: "C", fingerprint: "1-c" } };
    case "retry":
      return { ...settlement, delayMs: settlement.delayMs * unitMs };
    case "release":
      return { ...settlement, delayMs: (settlement.delayMs ?? 0) * unitMs };
    case "extend":
      return { ...settlement, leaseMs: settlement.leaseMs * unitMs };
    default:
      return settlement;
  }
}
