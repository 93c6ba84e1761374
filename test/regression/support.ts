import {
  createReceiver,
  memoryStore,
  type Receiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";

/** A receiver and the number of its callback's runs. */
export function receiverThat(
  onSucceeded: () => void | Promise<void>,
  options: Partial<ReceiverOptions> = {},
): { receiver: Receiver; runs: () => number } {
  let runs = 0;
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onEvent: () => undefined,
    onSucceeded() {
      runs += 1;
      return onSucceeded();
    },
    ...options,
  });
  return { receiver, runs: () => runs };
}

/** Resolves when `holds` returns true. It has a limit in case of hanging, and measures nothing. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const endsAt = Date.now() + 10_000; !(await holds());) {
    if (Date.now() > endsAt) throw new Error("Expected it within ten seconds.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
