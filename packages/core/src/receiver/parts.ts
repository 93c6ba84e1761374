import { AbstraktWebhookError } from "../errors.ts";
import type { Emit } from "./events/events.ts";
import type { Outage } from "./events/outage.ts";
import type { Loop } from "./lifecycle/loop.ts";
import type { Settings } from "./settings.ts";
import type { KeepAlive } from "./worker/after-answer.ts";
import type { Waits } from "./worker/waiters.ts";
import type { Worker } from "./worker/worker.ts";

/** The parts of one receiver, as its steps need them. */
export interface Kit {
  readonly settings: Settings;
  readonly emit: Emit;
  readonly worker: Worker;
  readonly waits: Waits;
  readonly loop: Loop;
  readonly keepAlive: KeepAlive;
  readonly outage: Outage;
  readonly apiOutage: Outage;
  /** Says once what the first delivery, or the first expected job, shows to be missing. */
  noticeUse(): void;
  /** Says once that expected jobs are not polled, where there is no client. */
  noticeExpected(): void;
  /** Says once that the store forgets a result sooner than a URL of that life expires. */
  noticeTokenLife(lifeMs: number): void;
  isDraining(): boolean;
}

/** Whether what is written now would end with this process. */
export const endsWithUs = (kit: Kit): boolean =>
  kit.isDraining() && !kit.settings.store.traits.durable;

/** The receiver is about to end. */
export const draining = (): AbstraktWebhookError =>
  new AbstraktWebhookError("draining", "The receiver is draining. Use another instance.");
