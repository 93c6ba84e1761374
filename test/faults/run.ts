import { join } from "node:path";
import type { Backend } from "./backends/backend.ts";
import { openStore } from "./backends/open-store.ts";
import type { Campaign } from "./campaign.ts";
import { checkHistory, type CheckOptions, type Violation } from "./history/check-history.ts";
import type { HistoryEvent } from "./history/event.ts";
import { openHistory, readHistory } from "./history/history.ts";
import { createRandom, type Random } from "./random.ts";
import { createSender, pause, type Sender } from "./sender.ts";
import type { ServerConfig } from "./server/server-config.ts";
import { startServer, type Server } from "./server/start-server.ts";

/** Options of a part for one server. */
export type ServerOptions = Partial<Omit<ServerConfig, "by" | "history" | "store">>;

/** Options of all servers of a run. */
export interface RunOptions extends ServerOptions {
  /** The port of the database, when it is behind a proxy. */
  readonly port?: number | undefined;
}

/** One part of the campaign on one store, with its own namespace and history. */
export interface Run {
  readonly random: Random;
  readonly sender: Sender;
  /** Starts a server; `close` kills it where the part has not done so. */
  serve(options?: ServerOptions): Promise<Server>;
  history(): HistoryEvent[];
  /** Resolves when the history has such an entry. @throws Error after `withinMs`. */
  seen(holds: (event: HistoryEvent) => boolean, withinMs?: number): Promise<void>;
  /**
   * Waits until no row waits or runs, at most for that time, and writes the state of each to the
   * history. Resolves with false when some rows still wait or run.
   */
  settled(withinMs: number): Promise<boolean>;
  check(options?: CheckOptions): Violation[];
  close(): Promise<void>;
}

/** The length of a lease in a campaign. */
export const LEASE_MS = 500;
/** The time that a store may be silent in a campaign. */
export const STORE_TIMEOUT_MS = 1_000;

let runs = 0;

export function openRun(campaign: Campaign, backend: Backend, options: RunOptions = {}): Run {
  const { port, ...defaults } = options;
  runs += 1;
  const namespace = `run_${runs}`;
  const path = join(campaign.folder, `${namespace}.jsonl`);
  const random = createRandom(campaign.seed + runs);
  const note = openHistory(path, "campaign");
  const servers: Server[] = [];
  const history = () => readHistory(path);

  return {
    random,
    sender: createSender(note, random, `${runs}-`),
    history,
    async serve(own) {
      const server = await startServer(campaign.bundle, {
        by: `server ${servers.length + 1}`,
        history: path,
        store: backend.address(namespace, port),
        leaseMs: LEASE_MS,
        storeTimeoutMs: STORE_TIMEOUT_MS,
        maxAttempts: 1_000,
        drainMs: 10_000,
        ...defaults,
        ...own,
      });
      servers.push(server);
      return server;
    },
    async seen(holds, withinMs = 15_000) {
      for (const endsAtMs = Date.now() + withinMs; !history().some(holds); await pause(20)) {
        if (Date.now() > endsAtMs) throw new Error(`Not in the history: ${holds.toString()}`);
      }
    },
    async settled(withinMs) {
      const store = await openStore(backend.address(namespace));
      const owed = async () => {
        const { pending, leased } = await store.stats();
        return pending + leased;
      };
      const endsAtMs = Date.now() + withinMs;
      while ((await owed()) > 0 && Date.now() < endsAtMs) await pause(50);
      const settled = (await owed()) === 0;
      for (let after: string | undefined = ""; after !== undefined;) {
        const page = await store.list({ limit: 1_000, ...(after && { after }) });
        for (const { jobId, state, attempts } of page.records) {
          note({ kind: "final", jobId, state, attempts });
        }
        after = page.next;
      }
      await store.close?.();
      return settled;
    },
    check: (more) => checkHistory(history(), { rows: backend.kind !== "memory", ...more }),
    async close() {
      const running = servers.filter((server) => server.isRunning());
      for (const server of running) server.signal("SIGKILL");
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}
