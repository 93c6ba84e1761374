import { hostModule } from "./host.ts";

/** Runs a callback in the async context of the receiver's construction, and in no request's. */
export type InOwnContext = <T>(callback: () => T) => T;

interface AsyncHooks {
  readonly AsyncLocalStorage?: { snapshot?(): InOwnContext };
}

/**
 * What an `AsyncLocalStorage` holds at this moment, to run in later what belongs to no request. The
 * callback itself where the host has none.
 */
export const captureContext = (): InOwnContext =>
  (hostModule("async_hooks") as AsyncHooks | undefined)?.AsyncLocalStorage?.snapshot?.() ??
  ((callback) => callback());
