export { createClient } from "./create-client.ts";
export type { ClientOptions, SendRequest } from "./settings.ts";
