import type { JobClient } from "../../job-client.ts";
import { expectedJobsOf } from "../../store/capabilities.ts";
import type { ExpectedJobs, PollLease } from "../../store/capabilities.ts";
import { readPollLeases } from "../../store/replies.ts";
import { describeCause, toText } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { Parts } from "../parts.ts";
import { createSlots } from "../worker/slots.ts";
import { askForJob, concludePoll, type PollAnswer } from "./poll.ts";

const POLLS_AT_ONCE = 10;

/** Polls expected jobs, a few at once. */
export interface Poller {
  /**
   * Claims due polls, as many as have a slot. Each promise resolves when its poll, and the run of
   * the result that it found, have ended.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  claim(): Promise<Promise<void>[]>;
  /** Resolves when no poll runs. */
  idle(): Promise<void>;
  /** Aborts the polls that run, and claims no more. */
  stop(): void;
}

export function createPoller(parts: Parts, client: JobClient): Poller {
  const { settings, emit, alarm, apiOutage } = parts;
  const { store, callStore, limits, now, deadlines } = settings;
  const jobs = expectedJobsOf(store);
  const controllers = new Set<AbortController>();
  let stopped = false;
  /** True when the last claim found no free slot. */
  let isFull = false;
  let pausedUntilMs = -Infinity;
  // Waits until half of the slots are free, so that not every poll that ends asks the store.
  const slots = createSlots(POLLS_AT_ONCE, () => {
    if (isFull && slots.inUse() <= POLLS_AT_ONCE / 2) alarm.wake(0);
  });

  const noteAnswer = (answer: PollAnswer): void => {
    const failed = answer.reason === "failed";
    if (failed) pausedUntilMs = Math.max(pausedUntilMs, now() + answer.retryAfterMs);
    // A provider that refuses one job still answers for the others.
    if (failed && !answer.isFinal) apiOutage.failed(toText(answer.error));
    else apiOutage.over();
  };

  const ask = async (jobId: string): Promise<PollAnswer> => {
    const controller = new AbortController();
    controllers.add(controller);
    const cancel = deadlines.lease(() => controller.abort(tooSlow(limits.leaseMs)));
    const answer = await askForJob(client, jobId, controller.signal);
    cancel();
    controllers.delete(controller);
    return answer;
  };

  const poll = async (expected: ExpectedJobs, lease: PollLease): Promise<void> => {
    let work: (() => Promise<unknown>) | undefined;
    const holder = { holdsSlot: false };
    slots.begin(holder);
    try {
      const answer = stopped ? undefined : await ask(lease.jobId);
      if (answer === undefined || (stopped && answer.reason === "failed")) {
        // This receiver made no poll, or aborted it, so another instance may poll at once.
        await callStore(() => expected.settlePoll(lease, { againAfterMs: 0 }));
      } else {
        noteAnswer(answer);
        work = await concludePoll(parts, expected, lease, answer);
      }
    } catch (thrown) {
      const message = `The answer to a poll for job ${lease.jobId} is not recorded (${describeCause(thrown)}). It is polled again when the lease ends.`;
      emit(warning("store_unavailable", message, lease.jobId));
      alarm.wake(limits.leaseMs);
    } finally {
      slots.end(holder);
      slots.settled();
    }
    await work?.();
  };

  return {
    async claim() {
      if (jobs === undefined || stopped) return [];
      const pauseMs = pausedUntilMs - now();
      if (pauseMs > 0) {
        alarm.wake(pauseMs);
        return [];
      }
      const limit = slots.ask(POLLS_AT_ONCE);
      isFull = limit === 0;
      if (isFull) return [];
      let leases: PollLease[] = [];
      try {
        const request = { limit, leaseMs: limits.leaseMs };
        leases = await callStore(async () => readPollLeases(await jobs.claimPolls(request)));
      } finally {
        slots.answer(limit, leases.length);
      }
      return leases.map((lease) => settings.inOwnContext(() => poll(jobs, lease)));
    },
    idle: slots.empty,
    stop() {
      stopped = true;
      for (const controller of controllers)
        controller.abort(new DOMException("The receiver is draining.", "AbortError"));
    },
  };
}

const tooSlow = (leaseMs: number): DOMException =>
  new DOMException(
    `The provider did not answer within ${leaseMs} ms (limits.leaseMs).`,
    "TimeoutError",
  );
