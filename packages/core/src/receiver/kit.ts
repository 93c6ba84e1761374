import type { KeepAlive } from "./background.ts";
import type { Emit } from "./events.ts";
import type { Loop } from "./loop.ts";
import type { Settings } from "./settings.ts";
import type { Worker } from "./worker.ts";

/** The parts of one receiver, as its steps need them. */
export interface Kit {
  readonly settings: Settings;
  readonly emit: Emit;
  readonly worker: Worker;
  readonly loop: Loop;
  readonly keepAlive: KeepAlive;
  /** Says once what the first delivery shows to be missing. */
  noticeDelivery(): void;
  isDraining(): boolean;
}
