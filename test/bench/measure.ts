import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Framework, Side } from "./comparisons.ts";
import { runLoad } from "./load.ts";
import type { Report } from "./serve.ts";

const CONNECTIONS = 64;
/** Counted in the server's own time, so that a busy machine does not cut the warm-up short. */
const WARM_UP_CPU_MS = 2_500;
const WARM_UP_STEP_MS = 250;
const SERVE = fileURLToPath(new URL("./serve.js", import.meta.url));

/** One server in one round. */
export interface Measurement {
  readonly perSecond: number;
  /** The server's CPU time for one request: less moved by what else the machine does. */
  readonly cpuMicros: number;
  /** Share of the time in which the server had a core: near 1, or the load is the bottleneck. */
  readonly busy: number;
}

/**
 * Starts a server in a process of its own, warms it, measures it and ends it.
 *
 * @throws Error on any answer that is not the expected one, or a count of callbacks that is not
 * the count of requests.
 */
export async function measure(
  framework: Framework,
  side: Side,
  durationMs: number,
): Promise<Measurement> {
  const server = fork(SERVE, [framework, side], {
    env: { ...process.env, NODE_ENV: "production" },
  });
  const port = await heard<number>(server);
  let sent = 0;
  const nextJobId = (): string => `job_${String(sent++).padStart(12, "0")}`;
  const report = (): Promise<Report> => {
    server.send("report");
    return heard<Report>(server);
  };
  try {
    const load = { port, connections: CONNECTIONS, nextJobId };
    let before = await report();
    while (before.cpuMs < WARM_UP_CPU_MS) {
      await runLoad({ ...load, durationMs: WARM_UP_STEP_MS });
      before = await report();
    }
    const { answered, elapsedMs } = await runLoad({ ...load, durationMs });
    const after = await report();
    if (after.callbacks !== sent) {
      throw new Error(`${framework} ${side}: ${sent} requests, ${after.callbacks} callbacks.`);
    }
    const cpuMs = after.cpuMs - before.cpuMs;
    return {
      perSecond: (answered / elapsedMs) * 1_000,
      cpuMicros: (cpuMs / answered) * 1_000,
      busy: cpuMs / elapsedMs,
    };
  } finally {
    server.disconnect();
    await once(server, "exit");
  }
}

/** The server's next message; its end is an error. */
async function heard<T>(server: ReturnType<typeof fork>): Promise<T> {
  const ended = new AbortController();
  const exit = (): void => ended.abort();
  server.once("exit", exit);
  const [message] = await once(server, "message", { signal: ended.signal });
  server.off("exit", exit);
  return message as T;
}
