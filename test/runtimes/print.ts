import { writeSync } from "node:fs";
import type { Outcome } from "./runner.ts";

/** The first line of a runtime: its name, and the file of core that it loaded. */
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

/** Writes a line of JSON at once: the last line shows where a runtime hung. */
export function print(line: Introduction | Outcome): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
