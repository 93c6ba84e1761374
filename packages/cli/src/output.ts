import Table from "cli-table3";
import picocolors from "picocolors";
import type { Terminal } from "./terminal.ts";

/** Colours text, or leaves it as it is. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes. */
export interface Output {
  readonly json: boolean;
  readonly colors: Colors;
  /** One result: a line of JSON under `--json`, else `text`. */
  result(record: object, text: string): void;
  /** Several results: a line of JSON each under `--json`, else one text. */
  results<T extends object>(records: readonly T[], toText: (records: readonly T[]) => string): void;
  /** A line for people only. Under `--json` it is not written. */
  text(line: string): void;
  /** A remark for people, on stderr. */
  note(line: string): void;
}

/** Makes a command's output. */
export function createOutput({ stdout, stderr, env }: Terminal, json: boolean): Output {
  const write = (line: string): void => void stdout.write(`${line}\n`);
  const colored = stdout.isTTY === true && !json && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  return {
    json,
    colors: picocolors.createColors(colored),
    result: (record, text) => write(json ? JSON.stringify(record) : text),
    results(records, toText) {
      if (!json) return write(toText(records));
      for (const record of records) write(JSON.stringify(record));
    },
    text(line) {
      if (!json) write(line);
    },
    note: (line) => void stderr.write(`${line}\n`),
  };
}

/** Rows under a head, without lines between them. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const nothing = { top: "", bottom: "", left: "", right: "", mid: "", middle: "  " };
  const corners = {
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    "left-mid": "",
    "mid-mid": "",
    "right-mid": "",
  };
  const table = new Table({
    chars: { ...nothing, ...corners },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push([...head], ...rows.map((row) => [...row]));
  return table.toString().replaceAll(/ +$/gm, "");
}
