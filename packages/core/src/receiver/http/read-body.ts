import { AbstraktWebhookError } from "../../errors.ts";
import { toPayload, type Body, type ReadPayload } from "../../payload/read-payload.ts";
import type { HttpDelivery } from "../receiver.ts";
import type { Settings } from "../settings.ts";

/** Waits for the body, at most `limits.bodyTimeoutMs` long, and reads it as a payload. */
export function readBody(
  { deadlines, limits }: Pick<Settings, "deadlines" | "limits">,
  delivery: HttpDelivery,
): Promise<ReadPayload> {
  const { maxBodyBytes, bodyTimeoutMs } = limits;
  return new Promise((resolve, reject) => {
    const cancel = deadlines.body(() => reject(tooSlow(bodyTimeoutMs)));
    const fail = (thrown: unknown): void => {
      cancel();
      reject(thrown);
    };
    const read = (body: Body): void => {
      cancel();
      try {
        resolve(toPayload(body, maxBodyBytes));
      } catch (thrown) {
        reject(thrown);
      }
    };
    delivery.body(maxBodyBytes).then(read, fail);
  });
}

const tooSlow = (timeoutMs: number): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "body_timeout",
    `Expected the whole body within ${timeoutMs} ms (limits.bodyTimeoutMs).`,
  );
