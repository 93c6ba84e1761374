import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { Client } from "pg";
import type { SharedStore } from "./results.ts";

/** What a database has done so far for receivers. */
export interface Work {
  readonly cpuMicros: number;
  /** Absent where its clients count them. */
  readonly scripts?: number;
  readonly commands?: number;
  readonly scriptMicros?: number;
}

/** A connection to a database that tells what it has done. */
export interface Meter {
  read(): Promise<Work>;
  close(): Promise<void>;
}

/** A tick of /proc is a hundredth of a second on every Linux that Node runs on. */
const MICROS_OF_A_TICK = 10_000;

export const openMeter: Record<SharedStore, () => Promise<Meter>> = {
  async postgres() {
    const client = new Client({ connectionString: process.env["DATABASE_URL"] });
    await client.connect();
    const others =
      "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()";
    return {
      async read() {
        const { rows } = await client.query<{ pid: number }>(others, [process.env["BENCH_SCHEMA"]]);
        return { cpuMicros: rows.reduce((sum, { pid }) => sum + cpuMicrosOf(pid), 0) };
      },
      close: () => client.end(),
    };
  },
  async redis() {
    const client = new Redis(process.env["REDIS_URL"] ?? "");
    return {
      async read() {
        return toWork(await client.info("commandstats"), await client.info("cpu"));
      },
      close: async () => client.disconnect(),
    };
  },
};

/** User and system time of a backend, which /proc counts in ticks. */
function cpuMicrosOf(pid: number): number {
  const [name = "", ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8")
    .split(/[()] ?/)
    .slice(1);
  if (!name.startsWith("postgres")) {
    throw new Error(`Expected PostgreSQL to run on this machine, got process ${pid}: ${name}.`);
  }
  const [user, system] = (fields.at(-1) ?? "").split(" ").slice(11, 13).map(Number);
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) * MICROS_OF_A_TICK;
}

function toWork(commandStats: string, cpu: string): Work {
  let [scripts, commands, scriptMicros] = [0, 0, 0];
  for (const [, name = "", calls, micros] of commandStats.matchAll(COMMAND)) {
    const isScript = name.startsWith("eval");
    if (isScript) scriptMicros += Number(micros);
    if (isScript) scripts += Number(calls);
    else if (!name.startsWith("info")) commands += Number(calls);
  }
  const seconds = [...cpu.matchAll(/used_cpu_(?:sys|user)_main_thread:([\d.]+)/g)];
  const cpuMicros = seconds.reduce((sum, [, value]) => sum + Number(value) * 1_000_000, 0);
  return { cpuMicros, scripts, commands, scriptMicros };
}

const COMMAND = /^cmdstat_(\S+):calls=(\d+),usec=(\d+)/gm;
