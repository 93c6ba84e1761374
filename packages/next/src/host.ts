type SignalListener = (signal: "SIGTERM") => void;

/** The part of Node's process used here. An edge runtime has a stub instead. */
export interface NodeProcess {
  readonly env: Record<string, string | undefined>;
  on(signal: "SIGTERM", listener: SignalListener): void;
  off(signal: "SIGTERM", listener: SignalListener): void;
  listeners(signal: "SIGTERM"): SignalListener[];
  exit(code: number): void;
}

// Read from the global object, because a bundler for the edge warns about `process.on`.
const hostProcess = (): NodeProcess | undefined =>
  (globalThis as { process?: NodeProcess }).process;

/** Node's process. `undefined` in an edge runtime. */
export function nodeProcess(): NodeProcess | undefined {
  const host = hostProcess();
  return host?.env["NEXT_RUNTIME"] === "edge" ? undefined : host;
}

/** Whether `next build` evaluates this module. */
export const isBuilding = (): boolean =>
  hostProcess()?.env["NEXT_PHASE"] === "phase-production-build";
