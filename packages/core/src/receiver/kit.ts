import type { KeepAlive } from "./background.ts";
import type { Emit } from "./events.ts";
import type { Loop } from "./loop.ts";
import type { Outage } from "./outage.ts";
import type { Settings } from "./settings.ts";
import type { Waits } from "./waits.ts";
import type { Worker } from "./worker.ts";

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
