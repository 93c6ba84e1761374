import { hostModule } from "./host-globals.ts";

/** Runs a callback in the async context in which the receiver was made, instead of a request's. */
export type InOwnContext = <T>(callback: () => T) => T;

interface AsyncHooks {
  readonly AsyncLocalStorage?: { snapshot?(): InOwnContext };
}

/**
 * Captures the current async context for later work that belongs to no request. On a host without
 * `AsyncLocalStorage`, callbacks run in the context of their caller.
 */
export const captureContext = (): InOwnContext =>
  (hostModule("async_hooks") as AsyncHooks | undefined)?.AsyncLocalStorage?.snapshot?.() ??
  ((callback) => callback());
