import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { createSubject } from "@abstrakt-webhooks/testing";

// Next bundles each route by itself; what they share lives on the global object.
const shared = (globalThis.adapterSuite ??= { subjects: new Map(), uncaught: [] });

process.on("unhandledRejection", noteUncaught);
process.on("uncaughtExceptionMonitor", noteUncaught);

function noteUncaught(thrown) {
  shared.uncaught.push(String(thrown));
}

/** Errors that nobody caught since the last question. */
export const uncaught = () => shared.uncaught.splice(0);

export const subjectOf = (id) => shared.subjects.get(id);

export function boot(setup) {
  const { receiver, controls } = createSubject(setup);
  const id = String(shared.subjects.size);
  shared.subjects.set(id, { handler: abstraktWebhook(receiver), controls });
  return id;
}
