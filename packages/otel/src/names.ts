/**
 * Names of OpenTelemetry's messaging conventions 1.44, whose status is "Development". They are
 * copied, so that a new version of the conventions changes nothing here.
 */
export const NAME = "@abstrakt-webhooks/otel";
const DESTINATION = "abstrakt.jobs";
export const SPAN_NAME = `process ${DESTINATION}`;
export const ERROR_TYPE = "error.type";

/** The attributes of every span and every metric of a callback. */
export const PROCESS_ATTRIBUTES = {
  "messaging.system": "abstrakt",
  "messaging.operation.name": "process",
  "messaging.operation.type": "process",
  "messaging.destination.name": DESTINATION,
} as const;
