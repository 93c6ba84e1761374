import { runAdapterSuite, type AdapterSetup } from "@abstrakt-webhooks/testing";
import { describe, it } from "vitest";
import { runSocketSuite, type SocketTarget } from "./socket-suite.ts";

/** Runs both suites on a target with a TCP address. */
export function runSuites(
  name: string,
  boot: (setup: AdapterSetup) => Promise<SocketTarget>,
): void {
  const api = { describe, it, skip: it.skip };
  describe(name, () => {
    runAdapterSuite(api, boot, { connections: true, uncaught: true });
    runSocketSuite(api, boot);
  });
}
