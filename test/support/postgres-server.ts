import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Client } from "pg";
import { startCluster, type DatabaseCluster } from "./database-cluster.ts";
import { freePort } from "./free-port.ts";

/** A PostgreSQL server for tests; `stop` ends it where it was started for them. */
export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

const DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/test";

/**
 * The server at `DATABASE_URL`, by default the local one; else one of our own, from binaries on the
 * PATH or where Debian puts them; else `undefined`, which with `CI=true` is an error instead.
 */
export async function findPostgres(): Promise<PostgresServer | undefined> {
  const url = process.env["DATABASE_URL"] ?? DEFAULT_URL;
  if (await answers(url)) return { url, stop: async () => undefined };
  const folder = binaries();
  if (folder !== undefined) return startCluster(await createCluster(folder), "SIGINT");
  if (process.env["CI"] === "true") {
    throw new Error("No PostgreSQL: set DATABASE_URL, or put initdb and postgres on the PATH.");
  }
  return undefined;
}

/** An empty cluster that is not started yet; `undefined` where there are no binaries. */
export async function createPostgres(): Promise<DatabaseCluster | undefined> {
  const folder = binaries();
  return folder === undefined ? undefined : createCluster(folder);
}

async function createCluster(binaryFolder: string): Promise<DatabaseCluster> {
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-postgres-"));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  execFileSync(
    join(binaryFolder, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
    { ...user, cwd: folder, stdio: "ignore" },
  );
  const port = await freePort();
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  process.once("exit", () => server?.kill("SIGKILL")); // when no test came to stop it
  return {
    url,
    port,
    async start() {
      const parameters = ["-D", data, "-p", `${port}`, ...settings];
      server = spawn(join(binaryFolder, "postgres"), parameters, {
        ...user,
        cwd: folder,
        stdio: "ignore",
      });
      while (!(await answers(url))) {
        if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
      }
      return server;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** True when the server at `url` answers a query. */
export async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function binaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")));
}

/** PostgreSQL refuses to run as root. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
