import { handle } from "./handle.ts";
import type { Kit } from "./kit.ts";
import type { Runtime } from "./receiver.ts";
import { webDelivery } from "./web-delivery.ts";

/** The same for a Web-standard request. Never rejects. */
export async function fetchDelivery(
  kit: Kit,
  request: Request,
  runtime?: Runtime,
): Promise<Response> {
  const delivery = webDelivery(request);
  const ack = await handle(kit, delivery, runtime);
  delivery.close();
  void ack.work?.();
  return new Response(ack.body, { status: ack.status, headers: ack.headers });
}
