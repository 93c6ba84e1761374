import { AbstraktWebhookError } from "../errors.ts";
import type { Kit } from "./kit.ts";

/** Whether what is written now would end with this process. */
export const endsWithUs = (kit: Kit): boolean =>
  kit.isDraining() && !kit.settings.store.traits.durable;

/** The receiver is about to end. */
export const draining = (): AbstraktWebhookError =>
  new AbstraktWebhookError("draining", "The receiver is draining. Use another instance.");
