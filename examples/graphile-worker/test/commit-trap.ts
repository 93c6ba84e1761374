import { connect, createServer, type AddressInfo } from "node:net";

/** A proxy in front of PostgreSQL that keeps back one COMMIT, or the answer to it. */
export interface CommitTrap {
  readonly url: string;
  /** Keeps back the next COMMIT, or the answer to it. Resolves when that COMMIT has come. */
  spring(held: "commit" | "answer"): Promise<void>;
  close(): Promise<void>;
}

export async function startCommitTrap(target: string): Promise<CommitTrap> {
  const { hostname, port: targetPort } = new URL(target);
  let armed: { held: "commit" | "answer"; sprung(): void } | undefined;
  const server = createServer((client) => {
    const upstream = connect(Number(targetPort), hostname);
    let muted = false;
    client.on("data", (data) => {
      if (armed !== undefined && data.includes("COMMIT\0")) {
        muted = true;
        if (armed.held === "answer") upstream.write(data);
        armed.sprung();
        armed = undefined;
      } else if (!muted) {
        upstream.write(data);
      }
    });
    upstream.on("data", (data) => {
      if (!muted) client.write(data);
    });
    client.on("error", () => undefined).on("close", () => upstream.destroy());
    upstream.on("error", () => undefined).on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    spring: (held) => new Promise((resolve) => (armed = { held, sprung: resolve })),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
