import { createReceiver } from "./create-receiver.ts";
import type { Receiver, ReceiverOptions } from "./receiver.ts";

/** A receiver as it is, or one made of options. @throws AbstraktWebhookError `invalid_options`. */
export function toReceiver(source: Receiver | ReceiverOptions): Receiver {
  return "handle" in source ? source : createReceiver(source);
}
