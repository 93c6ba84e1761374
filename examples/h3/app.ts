import type { Receiver } from "@abstrakt-webhooks/core";
import { defineHandler, H3 } from "h3"; // in Nitro 3 from "nitro/h3"

/** h3 2 and Nitro 3: `event.req` is a Web-standard request. */
export function createApp(receiver: Receiver): H3 {
  const webhook = defineHandler((event) => receiver.fetch(event.req, event));
  return new H3().post("/api/abstrakt-webhook", webhook);
}
