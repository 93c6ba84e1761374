import Table from "cli-table3";
import picocolors from "picocolors";
import type { Terminal } from "./terminal.ts";

/** Functions that colour text, or do nothing. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes. */
export interface Output {
  readonly json: boolean;
  readonly colors: Colors;
  /** One result: a line of JSON with `--json`, else `text`. */
  result(record: object, text: string): void;
  /** Several results: with `--json` a line of JSON each, else one text. */
  results<T extends object>(records: readonly T[], toText: (records: readonly T[]) => string): void;
  /** A line for people. It is not written with `--json`. */
  text(line: string): void;
  /** A remark for people, on stderr. Its control characters are replaced. */
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
    note: (line) => void stderr.write(`${printable(line)}\n`),
  };
}

/**
 * Text of others as one part of a line. A terminal would obey its control characters, so they are
 * replaced.
 */
export const printable = (text: string): string => text.replaceAll(/[^\P{Cc}\t]/gu, "\uFFFD");

/** A table without lines. */
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
