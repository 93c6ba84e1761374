import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "../support/free-port.ts";
import type { InstanceConfig } from "./instance.ts";

const SCRIPT = fileURLToPath(new URL("instance.ts", import.meta.url));
const FLAGS = ["--import", "tsx", "--conditions=@abstrakt-webhooks/source"];

/** Instances of one receiver, each in its own process on its own port. */
export interface Instances {
  /** The origin of a running instance; of any instance when none is running. */
  origin(random: () => number): string;
  /** Kills one instance by SIGKILL and starts another in its place. */
  replace(index: number): Promise<void>;
  /** The number of kills between the two times, and the time without a running instance. */
  losses(fromMs: number, untilMs: number): { kills: number; downMs: number };
  /** The output of the instances on stderr. */
  output(): string;
  stop(): Promise<void>;
}

type Config = Omit<InstanceConfig, "port" | "webhookUrl">;

export async function startInstances(size: number, config: Config): Promise<Instances> {
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const webhookUrl = `http://127.0.0.1:${ports[0]}/hook`;
  const children: (ChildProcess | undefined)[] = [];
  const outages: { fromMs: number; untilMs: number }[] = [];
  const killedAtMs: number[] = [];
  let written = "";

  const start = async (index: number): Promise<void> => {
    const setup = { ...config, port: ports[index] ?? 0, webhookUrl };
    const child = spawn(process.execPath, [...FLAGS, SCRIPT, JSON.stringify(setup)]);
    child.stderr.on("data", (chunk: Buffer) => (written += chunk.toString()));
    const ended = once(child, "close").then(() => {
      throw new Error(`An instance ended by itself:\n${written}`);
    });
    await Promise.race([once(child.stdout, "data"), ended]);
    ended.catch(() => undefined);
    children[index] = child;
  };
  const kill = async (index: number): Promise<void> => {
    const child = children[index];
    children[index] = undefined;
    if (child === undefined) return;
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  };

  await Promise.all(ports.map((_, index) => start(index)));
  return {
    origin(random) {
      const up = ports.filter((_, index) => children[index] !== undefined);
      const from = up.length > 0 ? up : ports;
      return `http://127.0.0.1:${from[Math.floor(random() * from.length)]}`;
    },
    async replace(index) {
      const fromMs = Date.now();
      killedAtMs.push(fromMs);
      await kill(index);
      const isOutage = children.every((child) => child === undefined);
      await start(index);
      if (isOutage) outages.push({ fromMs, untilMs: Date.now() });
    },
    losses(fromMs, untilMs) {
      const overlapMs = (outage: { fromMs: number; untilMs: number }) =>
        Math.max(0, Math.min(untilMs, outage.untilMs) - Math.max(fromMs, outage.fromMs));
      return {
        kills: killedAtMs.filter((atMs) => atMs > fromMs - config.leaseMs && atMs < untilMs).length,
        downMs: outages.reduce((sum, outage) => sum + overlapMs(outage), 0),
      };
    },
    output: () => written,
    async stop() {
      await Promise.all(ports.map((_, index) => kill(index)));
    },
  };
}
