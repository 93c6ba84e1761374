/**
 * Keeps job results in Cloudflare D1.
 *
 * @module
 */

export { d1Store, type D1Store } from "./d1-store.ts";
export type { D1StoreOptions } from "./options.ts";
export type { D1Answer, D1Database, D1Statement, D1Value } from "./d1-database.ts";
