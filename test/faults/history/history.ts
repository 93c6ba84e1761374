import { openSync, readFileSync, writeSync } from "node:fs";
import type { Happening, HistoryEvent } from "./event.ts";

/** Milliseconds on a clock that all processes of this machine share and that nothing can set. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Writes an entry to the history. A written entry survives the end of the process. */
export type Note = (happening: Happening) => void;

/** Opens a history for appending: one write for each entry, so that entries never mix. */
export function openHistory(path: string, by: string): Note {
  const file = openSync(path, "a");
  return (happening) => {
    writeSync(file, `${JSON.stringify({ ...happening, by, atMs: machineMs() })}\n`);
  };
}

export function readHistory(path: string): HistoryEvent[] {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as HistoryEvent);
}
