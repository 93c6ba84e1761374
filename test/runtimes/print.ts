import { writeSync } from "node:fs";
import type { Outcome } from "./runner.ts";

/** What a runtime says of itself before its tests: its name, and where it found core. */
export interface Introduction {
  readonly runtime: string;
  readonly core: string;
}

/** The first line. Node has `navigator` since 21. */
export function introduce(): void {
  const { navigator } = globalThis as { navigator?: Navigator };
  print({
    runtime: navigator?.userAgent ?? `Node.js/${process.versions.node}`,
    core: import.meta.resolve("@abstrakt-webhooks/core"),
  });
}

/** A line of JSON, written at once: the last one tells where a runtime hung. */
export function print(line: Introduction | Outcome): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
