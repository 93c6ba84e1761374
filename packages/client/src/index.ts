export { createClient } from "./create-client.ts";
export type { ClientOptions, SendRequest } from "./settings.ts";
export { fetchOutputs, type OutputFile } from "./outputs/fetch-outputs.ts";
export type { FetchOutputsOptions } from "./outputs/settings.ts";
