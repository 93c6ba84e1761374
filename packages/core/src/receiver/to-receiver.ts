import { createReceiver } from "./create-receiver.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverOptions } from "./receiver-options.ts";

/** A receiver as it is, or one made of options. @throws AbstraktWebhookError `invalid_options`. */
export function toReceiver(source: Receiver | ReceiverOptions): Receiver {
  return "handle" in source ? source : createReceiver(source);
}
