export { withOpenTelemetry, type OpenTelemetryOptions } from "./with-open-telemetry.ts";
