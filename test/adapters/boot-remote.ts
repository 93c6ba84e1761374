import type { AdapterSetup, SubjectReport } from "@abstrakt-webhooks/testing";
import { createBoundedFetch } from "./bounded-fetch.ts";
import { MOST_SOCKETS } from "./boot-server.ts";
import { openOneConnection } from "./one-connection.ts";
import type { SocketTarget } from "./socket-suite.ts";

/** Boots endpoints in another process that has `/control` and `/hook/{id}`. */
export async function bootRemote(origin: string, setup: AdapterSetup): Promise<SocketTarget> {
  const control = async (command: object): Promise<unknown> => {
    const response = await fetch(`${origin}/control`, {
      method: "POST",
      body: JSON.stringify(command),
    });
    if (!response.ok) throw new Error(`${JSON.stringify(command)} answered ${response.status}`);
    return response.json();
  };
  const { id } = (await control({ action: "boot", setup })) as { id: string };
  return {
    url: `${origin}/hook/${id}`,
    fetch: createBoundedFetch(MOST_SOCKETS),
    oneConnection: openOneConnection,
    report: async () => (await control({ action: "report", id })) as SubjectReport,
    release: async () => void (await control({ action: "release", id })),
    expect: async (result) =>
      (await control({ action: "expect", id, argument: result })) as "expected" | "arrived",
    drain: async () => void (await control({ action: "drain", id })),
    memory: async () => (await control({ action: "memory" })) as NodeJS.MemoryUsage,
    uncaught: async () => (await control({ action: "uncaught" })) as string[],
  };
}
