import { tooLarge } from "../../body.ts";
import { AbstraktWebhookError } from "../../errors.ts";
import type { Body } from "../../payload/read-payload.ts";
import type { HttpDelivery } from "../receiver.ts";
import type { Settings } from "../settings.ts";

/** Reads the body, within `limits.bodyTimeoutMs` and up to `limits.maxBodyBytes`. */
export function readBody(
  { deadlines, limits }: Pick<Settings, "deadlines" | "limits">,
  delivery: HttpDelivery,
): Promise<Body> {
  const { maxBodyBytes, bodyTimeoutMs } = limits;
  return new Promise((resolve, reject) => {
    const cancel = deadlines.body(() => reject(tooSlow(bodyTimeoutMs)));
    const fail = (thrown: unknown): void => {
      cancel();
      reject(thrown);
    };
    const read = (body: Body): void => {
      cancel();
      if ("bytes" in body && body.bytes.byteLength > maxBodyBytes) reject(tooLarge(maxBodyBytes));
      else resolve(body);
    };
    delivery.body(maxBodyBytes).then(read, fail);
  });
}

const tooSlow = (timeoutMs: number): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "body_timeout",
    `Expected the whole body within ${timeoutMs} ms (limits.bodyTimeoutMs).`,
  );
