import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { createSubject } from "@abstrakt-webhooks/testing";

// Next bundles each route separately, so shared values are kept on the global object.
const shared = (globalThis.adapterSuite ??= { subjects: new Map(), uncaught: [] });

process.on("unhandledRejection", noteUncaught);
process.on("uncaughtExceptionMonitor", noteUncaught);

function noteUncaught(thrown) {
  shared.uncaught.push(String(thrown));
}

/** The uncaught errors since the last call. */
export const uncaught = () => shared.uncaught.splice(0);

export const subjectOf = (id) => shared.subjects.get(id);

export function boot(setup) {
  const { receiver, controls } = createSubject(setup);
  const id = String(shared.subjects.size);
  shared.subjects.set(id, { handler: abstraktWebhook(receiver), controls });
  return id;
}
