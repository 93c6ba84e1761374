import {
  AbstraktWebhookError,
  memoryStore,
  refetch,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

const store = memoryStore();
const noRight = () =>
  Promise.reject(new AbstraktWebhookError("store_unavailable", "Grant the user UPDATE."));
const wrongKey = () =>
  Promise.reject(Object.assign(new Error("Check the API key."), { status: 401 }));

/** Faults that last until a person acts, and the warning of each. */
const faults: readonly (readonly [string, Partial<ReceiverOptions>, RegExp])[] = [
  ["a store that is not ready", { store: { ...store, ready: noRight } }, /503 .* Grant the user/],
  [
    "a claim that is answered with nonsense",
    { store: { ...store, claim: async () => ({}) as never } },
    /Due jobs wait .* Run the store suite/,
  ],
  ["a prune that is forbidden", { store: { ...store, prune: noRight } }, /Due jobs .* Grant the/],
  [
    "a settle that is forbidden",
    { store: { ...memoryStore(), settle: noRight } },
    /failed to record how job .* Grant the user UPDATE\.$/,
  ],
  [
    "an API key that is wrong",
    { auth: refetch(), client: { run: wrongKey, getJob: wrongKey } },
    /provider's API .* Check the API key\.$/,
  ],
];

it.each(faults)("%s: the warning does not promise that it passes", async (_, options, what) => {
  const warnings: string[] = [];
  const { receiver } = receiverThat(() => undefined, {
    ...options,
    onEvent: (event) => void (event.type === "warning" && warnings.push(event.error.message)),
  });
  receiver.start();
  await receiver.ingest(succeededPayload()).catch(() => undefined);
  await until(() => warnings.length > 0);
  await receiver.drain({ timeoutMs: 0 });
  expect(warnings[0]).toMatch(what);
  expect(warnings.join("\n")).not.toMatch(/again until|nothing to do/i);
});
